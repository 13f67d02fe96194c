// Skin, eyes, teeth, lashes, clothes: triangles that follow the head's turn by their share.
uniform mat4 camera, lamp;
uniform mat3 turn;
uniform vec3 pivot, shift;
in vec3 position, normal, rest;
in vec4 detail;  // share of the head's turn, openness to the sky, mask, height over the hairline
out vec3 place, facing, home;
out vec4 about, in_lamp;

void main() {
  vec3 turned = turn * (position - pivot) + pivot;
  place = mix(position, turned, detail.x) + shift;
  facing = mix(normal, turn * normal, detail.x);
  home = rest;
  about = detail;
  in_lamp = lamp * vec4(place, 1);
  gl_Position = camera * vec4(place, 1);
}
