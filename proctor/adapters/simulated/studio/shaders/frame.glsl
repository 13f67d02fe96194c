Surface surface(vec3 normal, vec3 view) {
  return Surface(vec3(0.012, 0.011, 0.013), normal, 60, 0.5, vec3(0.1), about.y, 1);
}
