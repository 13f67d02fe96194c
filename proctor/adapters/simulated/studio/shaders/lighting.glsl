// A window from the side, the room's light from the other, the sky; a soft shoulder at the end.
const float TONE = 0.12;  // the same number stands in sensor.py
const vec3 KEY = vec3(1.14, 1.12, 1.08), FILL = vec3(0.33, 0.34, 0.36), SKY = vec3(0.31, 0.32, 0.33);

float lit() {
  vec3 q = in_lamp.xyz * 0.5 + 0.5;
  float sum = 0;
  for (int i = 0; i < 5; i++) {
    vec2 step_ = vec2(cos(i * 2.513), sin(i * 2.513)) * 3.0 / 1024;
    sum += step(q.z - 0.010, texture(shadow, q.xy + step_).r);
  }
  return mix(0.36, 1.0, sum / 5);
}

void main() {
  vec3 view = normalize(eye - place);
  vec3 normal = normalize(facing);
  if (dot(normal, view) < 0) normal = -normal;
  Surface s = surface(normal, view);
  vec3 side = normalize(vec3(-lamp_direction.x, 0.15, 0.6));
  float shade = lit();
  vec3 key = max((dot(s.normal, lamp_direction) + s.scatter) / (1 + s.scatter), 0) * shade;
  vec3 fill = max((dot(s.normal, side) + s.scatter) / (1 + s.scatter), 0);
  vec3 sum = s.open * SKY * (0.75 + 0.25 * s.normal.y) + KEY * key * mix(1, s.open, 0.5)
             + s.open * FILL * fill;
  float edge = 1 - max(dot(s.normal, view), 0);
  edge *= edge;
  edge *= edge;
  float glint = shade * pow(max(dot(s.normal, normalize(lamp_direction + view)), 0), s.gloss);
  float glint_side = pow(max(dot(s.normal, normalize(side + view)), 0), s.gloss);
  vec3 shine = KEY * glint + FILL * glint_side + 0.25 * edge * SKY;
  vec3 c = light * (s.colour * sum + s.specular * shine * s.open);
  painted = vec4(sqrt(c / (1 + TONE * c)), s.alpha);
}
