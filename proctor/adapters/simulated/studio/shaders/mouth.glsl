Surface surface(vec3 normal, vec3 view) {
  // about.z: 1 on the tongue
  float around = atan(home.x, home.z - 0.2);
  vec3 tooth = vec3(0.6, 0.56, 0.48) * (0.85 + 0.15 * noise(vec2(around * 30, 1)));
  tooth = mix(tooth, vec3(0.35, 0.12, 0.12), smoothstep(0.07, 0.12, abs(home.y - 6.63)));
  vec3 colour = mix(tooth, vec3(0.38, 0.12, 0.12), about.z);
  return Surface(colour, normal, 60, 0.3, vec3(0.3, 0.15, 0.1), about.y * 0.8, 1);
}
