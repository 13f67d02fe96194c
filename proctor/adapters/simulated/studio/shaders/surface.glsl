// What every surface knows, and what it has to say to be lit.
uniform sampler2D grain, shadow;
uniform vec3 lamp_direction, eye;
uniform float light;
in vec3 place, facing, home;
in vec4 about, in_lamp;
out vec4 painted;

struct Surface {
  vec3 colour;     // linear light
  vec3 normal;
  float gloss;     // sharpness of the highlight
  float specular;  // its strength
  vec3 scatter;    // how far light creeps around, by colour
  float open;      // openness to the sky
  float alpha;
};

float noise(vec2 q) { return texture(grain, q / 256).r; }
