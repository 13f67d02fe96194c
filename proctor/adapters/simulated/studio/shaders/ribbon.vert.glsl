// Hair: ribbons that always face the camera, lit at their vertices (there are very many).
uniform mat4 camera, lamp;
uniform mat3 turn;
uniform vec3 pivot, shift, eye, lamp_direction, hair;
uniform sampler2D shadow;
in vec3 position, normal, rest;  // rest: the ribbon's tangent
in vec4 detail;                  // openness to the sky, signed half width, along 0..1, tint
out vec3 colour;
out vec3 strand;  // across -1..1, along 0..1, tint

void main() {
  vec3 tangent = normalize(turn * rest);
  vec3 centre = turn * (position - pivot) + pivot + shift;
  vec3 view = normalize(eye - centre);
  vec3 side = normalize(cross(tangent, view));
  vec3 outward = normalize(turn * normal + 0.35 * sign(detail.y) * side);
  vec3 in_lamp = (lamp * vec4(centre + 0.03 * lamp_direction, 1)).xyz * 0.5 + 0.5;
  float shade = mix(0.3, 1.0, step(in_lamp.z - 0.02, textureLod(shadow, in_lamp.xy, 0).r));
  float open = detail.x * mix(0.65, 1.0, smoothstep(0.0, 0.25, detail.z));
  vec3 opposite = normalize(vec3(-lamp_direction.x, 0.15, 0.6));
  float key = max((dot(outward, lamp_direction) + 0.25) / 1.25, 0) * shade;
  float fill = max((dot(outward, opposite) + 0.25) / 1.25, 0);
  float along = dot(tangent, normalize(lamp_direction + view));
  float sheen = pow(max(0, 1 - along * along), 24) * key;
  vec3 sum = open * (vec3(0.31) + 0.33 * fill) + 1.12 * key * mix(1, open, 0.5);
  colour = (hair * (0.6 + 0.6 * detail.w) + 0.002) * sum + sheen * 0.035 * (0.5 + hair) * open;
  strand = vec3(sign(detail.y), detail.z, detail.w);
  gl_Position = camera * vec4(centre + side * detail.y, 1);
}
