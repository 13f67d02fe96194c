uniform vec3 hair;

Surface surface(vec3 normal, vec3 view) {
  float alpha = home.y > 7.285 ? 0.55 : 0.14;
  return Surface(hair * 0.12, normal, 20, 0, vec3(0.1), about.y, alpha);
}
