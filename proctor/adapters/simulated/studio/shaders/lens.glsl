uniform float dark;  // 1: sun glasses

Surface surface(vec3 normal, vec3 view) {
  vec3 n = normalize(normal + vec3(0.6, 0.4, 0) * (home - vec3(home.x > 0 ? 0.32 : -0.32, 0, 0)));
  // the window on the glass
  float glint = smoothstep(0.93, 0.98, dot(reflect(-view, n), normalize(vec3(0.5 * sign(lamp_direction.x), 0.45, 0.74))));
  float alpha = mix(0.05, 0.96, dark) + 0.3 * glint * (1 - dark);
  return Surface(vec3(mix(0.05, 0.012, dark) + 0.5 * glint), n, 200, 0.3, vec3(0), 1, alpha);
}
