/**
 * GLSL of points. Numbers are those of the other end: places as `project` of point_camera.ts has them, sizes of
 * point_sizes.ts, order of `rankOf` in point_cloud.ts.
 */

const PLACES = `
precision highp float;
precision highp int;
in vec3 position;
in vec3 before;
in vec4 colour;
in uint state;
uniform float part;
uniform vec3 origin;
uniform mat3 axes;
/** Of x and y: from units to the two of the window. */
uniform vec2 scale;
uniform float tilt;
uniform float nearest;

const uint DIMMED = 1u;
const uint LIT = 2u;
const uint SELECTED = 3u;
const uint ABSENT = 255u;

float w;

/** In front of it what stands out, whatever is nearer. */
vec4 placed() {
  vec3 v = axes * (mix(before, position, part) - origin);
  w = 1.0 - v.z * tilt;
  float rank = state == 0u ? 1.0 : state == DIMMED ? 0.0 : float(state);
  float depth = (3.0 - rank + w / (1.0 + w)) / 2.0 - 1.0;
  return vec4(v.xy * scale, depth * w, w);
}
`;

export const POINT_VERTEX = `${PLACES}
in uint cell;
/** Pixels of a pixel of the window. */
uniform float ratio;
/** Width and height of what stands for a point, px of the window. */
uniform vec2 size;
uniform float opacity;
uniform float dimOpacity;
uniform float halo;
uniform float ring;
uniform float frame;
uniform float fog;
uniform vec2 fogFrom;
uniform vec3 ground;
uniform bool isSprite;
/** Of points without a thumbnail. */
uniform float dotSize;
/** 0 all, 1 only what does not stand out, 2 only what does. */
uniform int which;
flat out vec3 tint;
flat out vec2 half_;
flat out uint kind;
flat out uint ownCell;
flat out float strength;
flat out uint isThumbnail;
/** Around a thumbnail, and around it or a dot with the ground beyond; px. */
flat out float border;
flat out float around;

const uint NO_CELL = 0xffffffffu;

void main() {
  gl_Position = placed();
  bool isThumb = isSprite && cell != NO_CELL;
  isThumbnail = uint(isThumb);
  bool isOut = state == LIT || state == SELECTED;
  if (state == ABSENT || w <= nearest || (which == 1 && isOut) || (which == 2 && !isOut)) {
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    gl_PointSize = 1.0;
    return;
  }
  float near = tilt > 0.0 ? clamp(1.0 / w, 0.6, 1.6) : 1.0;
  float grown = isThumb ? 0.0 : state == SELECTED ? 9.0 : state == LIT ? 3.5 : 0.0;
  half_ = ((isSprite && !isThumb ? vec2(dotSize) : size) * near + grown) * ratio / 2.0;
  border = isThumb ? (frame + (state == SELECTED ? ring : state == LIT ? 1.0 : 0.0)) * ratio : 0.0;
  around = border + halo * ratio;
  gl_PointSize = 2.0 * (max(half_.x, half_.y) + around) + 1.0;
  float far = tilt > 0.0 ? clamp((w - fogFrom.x) / (fogFrom.y - fogFrom.x), 0.0, 1.0) : 0.0;
  strength = isOut ? 1.0 : (state == DIMMED ? dimOpacity : opacity) * (1.0 - fog * far);
  tint = mix(ground, colour.rgb, strength);
  kind = state;
  ownCell = cell;
}
`;

export const POINT_FRAGMENT = `
precision highp float;
precision highp int;
precision highp sampler2DArray;
flat in vec3 tint;
flat in vec2 half_;
flat in uint kind;
flat in uint ownCell;
flat in float strength;
flat in uint isThumbnail;
flat in float border;
flat in float around;
uniform float ratio;
uniform float halo;
uniform float ring;
uniform float frame;
uniform vec3 ground;
uniform vec3 ink;
uniform sampler2DArray pages;
/** Thumbnails in a row of the image; in a row and in a column of a page; pages beside each other; all pages. */
uniform ivec4 grid;
uniform int pageCount;
/** Of a thumbnail, px of the image. */
uniform vec2 cellSize;
out vec4 painted;

const uint SELECTED = 3u;

/** 1 within a distance, 0 beyond, and the edge between them as wide as a pixel. */
float within(float distance, float edge) {
  return clamp(edge - distance + 0.5, 0.0, 1.0);
}

/** The mean of as many places of the thumbnail as keep its small parts from being missed. */
vec3 sprite(vec2 at) {
  ivec2 own = ivec2(int(ownCell) % grid.x, int(ownCell) / grid.x);
  ivec2 page = own / grid.yz;
  int layer = page.y * grid.w + page.x;
  if (page.x >= grid.w || layer >= pageCount) return tint;
  vec2 corner = vec2(own - page * grid.yz) * cellSize;
  vec2 whole = vec2(textureSize(pages, 0).xy);
  vec2 step_ = cellSize / (2.0 * half_);
  int taps = int(clamp(ceil(max(step_.x, step_.y) / 1.5), 1.0, 4.0));
  vec3 sum = vec3(0.0);
  for (int i = 0; i < taps; i++)
    for (int j = 0; j < taps; j++) {
      vec2 shift = (vec2(i, j) + 0.5) / float(taps) - 0.5;
      vec2 texel = clamp((at / half_ * 0.5 + 0.5) * cellSize + shift * step_, vec2(0.5), cellSize - 0.5);
      vec4 found = textureLod(pages, vec3((corner + texel) / whole, float(layer)), 0.0);
      sum += mix(ground, found.rgb, found.a);
    }
  return mix(ground, sum / float(taps * taps), strength);
}

void main() {
  vec2 at = (gl_PointCoord - 0.5) * (2.0 * (max(half_.x, half_.y) + around) + 1.0);
  if (isThumbnail == 1u) {
    vec2 beyond = abs(at) - half_;
    float out_ = max(beyond.x, beyond.y);
    if (out_ > around) discard;
    bool isRing = kind == SELECTED && out_ > frame * ratio;
    painted = vec4(out_ > border ? ground : isRing ? ink : out_ > 0.0 ? tint : sprite(at), 1.0);
    return;
  }
  float distance = length(at);
  float outer = within(distance, half_.x + halo * ratio);
  if (outer < 0.4) discard;
  float inner = within(distance, half_.x);
  vec3 own = tint;
  if (kind == SELECTED) {
    float rim = half_.x - ring * ratio;
    own = mix(mix(ink, ground, within(distance, rim)), tint, within(distance, rim - halo * ratio));
  }
  painted = vec4(mix(ground, own, inner), outer);
}
`;

/** How many points there are at a pixel: each adds a soft spot, 1 at its middle. */
export const SPOT_FRAGMENT = `
precision highp float;
flat in vec2 half_;
uniform float unit;
out vec4 painted;

void main() {
  vec2 at = 2.0 * gl_PointCoord - 1.0;
  painted = vec4(unit * max(0.0, exp(-4.5 * dot(at, at)) - 0.011));
}
`;

export const RAMP_VERTEX = `
in vec3 position;
out vec2 at;

void main() {
  at = position.xy * 0.5 + 0.5;
  gl_Position = vec4(position.xy, 1.0, 1.0);
}
`;

/** One point is a quarter of the ramp, \`most\` of them on each other are its end; logarithmic between. */
export const RAMP_FRAGMENT = `
precision highp float;
in vec2 at;
uniform sampler2D counts;
uniform float unit;
uniform float most;
uniform vec3 ground;
uniform vec3 stops[5];
out vec4 painted;

void main() {
  float count = texture(counts, at).r / unit;
  float share = count < 1.0 ? 0.25 * count : 0.25 + 0.75 * min(1.0, log(count) / log(most));
  float place = share * 4.0;
  vec3 own = stops[4];
  for (int i = 3; i >= 0; i--) if (place < float(i + 1)) own = mix(stops[i], stops[i + 1], place - float(i));
  painted = vec4(mix(ground, own, clamp(4.0 * count, 0.0, 1.0)), 1.0);
}
`;

/** How often a line is drawn. */
export const LINE_SHIFTS = 4;

export const LINE_VERTEX = `${PLACES}
uniform vec3 ground;
uniform float opacity;
/** Of the window, px. */
uniform vec2 viewport;
uniform float lineWidth;
/** How much of its colour a line has, and a dimmed one. */
uniform vec2 shares;
out vec3 tint;
out float shown;

/** Evenly spread across lines of any direction, in parts of their width. */
const vec2 SHIFTS[4] = vec2[4](vec2(-0.1, -0.3), vec2(0.3, -0.1), vec2(0.1, 0.3), vec2(-0.3, 0.1));

void main() {
  gl_Position = placed();
  gl_Position.xy += SHIFTS[gl_InstanceID] * lineWidth * 2.0 / viewport * gl_Position.w;
  shown = state == ABSENT ? 0.0 : 1.0;
  tint = mix(ground, colour.rgb, (state == DIMMED ? shares.y : shares.x) * opacity);
}
`;

/** Lines to what is not there are not there. */
export const LINE_FRAGMENT = `
precision highp float;
in vec3 tint;
in float shown;
out vec4 painted;

void main() {
  if (shown < 0.999) discard;
  painted = vec4(tint, 0.45);
}
`;
