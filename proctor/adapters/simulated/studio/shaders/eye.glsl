uniform vec3 iris;
uniform vec3 eyes[2];

Surface surface(vec3 normal, vec3 view) {
  int which = home.x > 0 ? 0 : 1;
  vec3 from = home - vec3(home.x > 0 ? 0.308 : -0.308, 7.284, 1.245);
  float r = length(from.xy) / 0.139, around = atan(from.y, from.x);
  vec3 n = normalize(place - eyes[which]);
  vec3 white = mix(vec3(0.68, 0.64, 0.61), vec3(0.52, 0.36, 0.33), smoothstep(0.55, 1.15, r));
  vec3 ring = iris * (0.7 + 0.6 * noise(vec2(around * 9, r * 6))) * (1.3 - 0.7 * smoothstep(0.36, 0.5, r));
  vec3 colour = mix(ring, white, smoothstep(0.45, 0.52, r));
  colour = mix(vec3(0.003), colour, smoothstep(0.17, 0.21, r));
  float lid = 0.5 + 0.5 * smoothstep(0.11, -0.03, place.y - eyes[which].y);
  float open = mix(about.y, 1, 0.35) * lid;
  // the window's reflection, which makes an eye look alive
  vec3 mirror = reflect(-view, n);
  float glint = smoothstep(0.955, 0.975, dot(mirror, normalize(vec3(0.42 * sign(lamp_direction.x), 0.5, 0.78))));
  return Surface(colour + 0.75 * glint, n, 220, 0.9, vec3(0.12), open, 1);
}
