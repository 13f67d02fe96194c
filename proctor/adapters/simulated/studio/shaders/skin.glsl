uniform sampler2D skin;
uniform vec3 hair, shirt;

Surface surface(vec3 normal, vec3 view) {
  float around = atan(home.x, home.z - 0.2);
  vec2 q = vec2(around / 3.49066 + 0.5, (8.6 - home.y) / 2.5), e = vec2(1.5 / 1024, 0);
  vec4 texel = texture(skin, q);
  vec3 colour = texel.rgb * texel.rgb * 1.2;
  float dx = texture(skin, q + e.xy).a - texture(skin, q - e.xy).a;
  float dy = texture(skin, q + e.yx).a - texture(skin, q - e.yx).a;
  vec3 side = normalize(cross(vec3(0, 1, 0), normal));
  vec3 n = normalize(normal - 0.45 * dx * side + 0.45 * dy * cross(normal, side));
  colour = mix(colour, vec3(0.16, 0.03, 0.03), about.z);
  float open = about.y * mix(1, 0.55, about.z);
  // the scalp shows the hair's colour between the ribbons
  float root = noise(vec2(around * 140, home.y * 30));
  colour = mix(colour, hair * 0.8 + 0.004, smoothstep(0.0, 0.13, about.w + 0.10 * (root - 0.5)) * 0.92);
  float collar = 5.96 - 0.26 * smoothstep(0.2, 0.9, home.z);
  float shirted = smoothstep(-0.008, 0.008, collar - home.y);
  colour = mix(colour, shirt * (0.94 + 0.08 * noise(home.xy * 90)), shirted);
  float bare = 1 - shirted;
  return Surface(colour, n, 26, 0.085 * bare + 0.01, vec3(0.42, 0.2, 0.14) * mix(0.2, 1.0, bare), open, 1);
}
