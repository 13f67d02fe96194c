Surface surface(vec3 normal, vec3 view) {
  // a surgical mask: pleats across, a paler border
  float around = atan(home.x, home.z - 0.2), up = home.y - 6.62 + 0.05 * home.x * home.x;
  float side = 1.0 - 0.22 * abs(up);
  if (abs(up) > 0.43 || abs(around) > side) discard;
  float pleat = 0.92 + 0.08 * sin(up * 44) * step(abs(up), 0.3);
  float hem = max(smoothstep(0.38, 0.40, abs(up)), smoothstep(side - 0.05, side - 0.03, abs(around)));
  vec3 colour = mix(vec3(0.36, 0.52, 0.62), vec3(0.62, 0.68, 0.71), hem);
  colour *= pleat * (0.94 + 0.1 * noise(home.xy * 300));
  return Surface(colour, normal, 10, 0.01, vec3(0.2), about.y, 1);
}
