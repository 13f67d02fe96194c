// Single hairs inside a ribbon: streaks of light and of nothing.
uniform sampler2D grain;
uniform float light, cut;  // cut: without multisampling, below which alpha there is nothing
in vec3 colour, strand;
out vec4 painted;

void main() {
  float across = strand.x, along = strand.y;
  vec2 hairs = texture(grain, vec2(across * 0.03 + strand.z * 3.9, along * 0.02 + strand.z * 1.2)).rg;
  float thin = mix(0.75, 1.0, min(1, along * 8)) * mix(1.0, 0.4, max(0, along * 3.3 - 2.3));
  float alpha = smoothstep(0.3, 0.62, thin * (1.05 - 0.5 * across * across) * (0.6 + 0.7 * hairs.x));
  if (alpha < cut) discard;
  vec3 c = light * colour * (0.55 + 0.9 * hairs.y);
  painted = vec4(sqrt(c / (1 + 0.12 * c)), alpha);
}
