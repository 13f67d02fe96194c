uniform vec3 jacket, vest;
uniform float vested;

Surface surface(vec3 normal, vec3 view) {
  float collar = about.z;
  float weave = noise(home.xy * 110) * 0.5 + noise(home.zy * 160) * 0.5;
  vec3 colour = jacket * (0.9 + 0.2 * weave);
  float x = abs(home.x);
  if (collar < 0.5) {
    // open at the throat; a zip below
    float open = 5.92 - 1.0 * max(0, 0.42 - x) * smoothstep(0.2, 0.6, home.z);
    if (home.y > open + 0.25 * smoothstep(0.3, 0.7, x)) discard;
    const float edge = 0.36;
    float covered = vested * step(edge, x) * step(x, 1.32);
    float band = step(0.66, x) * step(x, 0.92) * covered;
    colour = mix(colour, vest * (0.92 + 0.12 * weave), covered);
    colour = mix(colour, vec3(0.62, 0.64, 0.66) * (0.9 + 0.2 * weave), band);
    float hem = smoothstep(0.012, 0.0, abs(x - edge)) + smoothstep(0.012, 0.0, abs(x - 1.32));
    colour *= 1 - 0.35 * hem * vested;
    colour *= 1 - 0.6 * smoothstep(0.016, 0.008, x) * smoothstep(0.3, 0.6, home.z);
  }
  float fold = 0.10 * (noise(home.xy * 7 + home.z * 3) - 0.5);
  vec3 n = normalize(normal + vec3(fold, fold * 0.5, 0));
  return Surface(colour, n, 12, 0.012, vec3(0.08), about.y, 1);
}
