/** Draws points by the GPU, all in one call. What has not changed is not sent again. */
import {
  BufferAttribute,
  BufferGeometry,
  Camera,
  CustomBlending,
  ExternalTexture,
  GLSL3,
  HalfFloatType,
  InstancedBufferGeometry,
  IntType,
  LineSegments,
  Mesh,
  NearestFilter,
  OneFactor,
  Points,
  RawShaderMaterial,
  RedFormat,
  Scene,
  UnsignedByteType,
  WebGLRenderer,
  WebGLRenderTarget,
  type IUniform,
} from 'three';
import { colourOf } from '../../../charts/colour_ramp';
import { NEAREST, type View } from './point_camera';
import type { PointCloud } from './point_cloud';
import { densest, dimmed, FOG, FRAME, HALO, LINE_SHARE, LINE_WIDTH, RING, shapeOf, spotSize } from './point_sizes'; // prettier-ignore
import type { PointsPainter, PointsTheme } from './points_painter';
import type { PointsPicture, Sprites } from './points_picture';
import { LINE_FRAGMENT, LINE_SHIFTS, LINE_VERTEX, POINT_FRAGMENT, POINT_VERTEX, RAMP_FRAGMENT, RAMP_VERTEX, SPOT_FRAGMENT } from './points_shader'; // prettier-ignore
import { cutPages } from './sprite_pages';

type Uniforms = Record<string, IUniform>;

/** Where counts are bytes, a spot is so much of the most; more on each other are not told apart. */
const BYTE_SPOT = 1 / 48;

export class WebGLPainter implements PointsPainter {
  readonly renderer = 'WebGL 2';
  readonly glides = true;
  readonly element: HTMLCanvasElement;
  private readonly gl: WebGLRenderer;
  private readonly scene = new Scene();
  private readonly spotScene = new Scene();
  private readonly camera = new Camera();
  private geometry = new BufferGeometry();
  private lineGeometry = lineGeometry();
  private readonly placed: Uniforms = uniforms({ part: 1, origin: [0, 0, 0], axes: new Float32Array(9), scale: [1, 1], tilt: 0, nearest: NEAREST, ratio: 1, opacity: 1, dimOpacity: 1, fog: FOG, fogFrom: [0, 1], ground: [1, 1, 1] }); // prettier-ignore
  private readonly dots: Uniforms = { ...this.placed, ...uniforms({ size: [1, 1], dotSize: 1, halo: HALO, ring: RING, frame: FRAME, ink: [0, 0, 0], isSprite: false, which: 0, pages: null, grid: [1, 1, 1, 1], pageCount: 0, cellSize: [1, 1] }) }; // prettier-ignore
  private readonly spots: Uniforms = { ...this.placed, ...uniforms({ size: [1, 1], halo: 0, frame: 0, isSprite: false, which: 1, unit: 1 }) }; // prettier-ignore
  private readonly strokes: Uniforms = { ...this.placed, ...uniforms({ viewport: [1, 1], lineWidth: LINE_WIDTH, shares: [LINE_SHARE.plain, LINE_SHARE.dimmed] }) }; // prettier-ignore
  private readonly ramp: Uniforms = { ...uniforms({ counts: null, most: 8, stops: [] }), unit: this.spots['unit'] as IUniform, ground: this.placed['ground'] as IUniform }; // prettier-ignore
  private readonly points: Points;
  private readonly spotPoints: Points;
  private readonly lines: LineSegments;
  private readonly heat: Mesh;
  private readonly counts: WebGLRenderTarget;
  private readonly attributes = new WeakMap<ArrayBufferView, { attribute: BufferAttribute; version: number }>();
  private picture: PointsPicture | undefined;
  private cloud: PointCloud | undefined;
  private sprites: Sprites | undefined;
  private readonly pages = new ExternalTexture();

  /**
   * @param whenReady something came that was not there when it was drawn
   * @throws Error when there is no WebGL 2
   */
  constructor(
    element: HTMLCanvasElement,
    context: WebGL2RenderingContext,
    private readonly whenReady: () => void,
  ) {
    this.element = element;
    this.gl = new WebGLRenderer({ canvas: element, context });
    this.gl.autoClear = false;
    const material = (vertexShader: string, fragmentShader: string, own: Uniforms): RawShaderMaterial =>
      new RawShaderMaterial({ glslVersion: GLSL3, vertexShader, fragmentShader, uniforms: own, transparent: true });
    this.points = new Points(this.geometry, material(POINT_VERTEX, POINT_FRAGMENT, this.dots));
    const spot = material(POINT_VERTEX, SPOT_FRAGMENT, this.spots);
    Object.assign(spot, { blending: CustomBlending, blendSrc: OneFactor, blendDst: OneFactor, depthTest: false, depthWrite: false }); // prettier-ignore
    this.spotPoints = new Points(this.geometry, spot);
    const line = material(LINE_VERTEX, LINE_FRAGMENT, this.strokes);
    // Soft edges hide nothing.
    line.depthWrite = false;
    this.lines = new LineSegments(this.lineGeometry, line);
    const heat = material(RAMP_VERTEX, RAMP_FRAGMENT, this.ramp);
    Object.assign(heat, { depthTest: false, depthWrite: false });
    const window = new BufferGeometry();
    window.setAttribute('position', new BufferAttribute(new Float32Array([-1, -1, 0, 3, -1, 0, -1, 3, 0]), 3));
    this.heat = new Mesh(window, heat);
    [this.heat, this.lines, this.points, this.spotPoints].forEach((object, order) => {
      object.frustumCulled = false;
      object.renderOrder = order;
      (object === this.spotPoints ? this.spotScene : this.scene).add(object);
    });
    const isFloat = ['EXT_color_buffer_float', 'EXT_color_buffer_half_float'].some((name) => this.gl.extensions.has(name)); // prettier-ignore
    set(this.spots, 'unit', isFloat ? 1 : BYTE_SPOT);
    this.counts = new WebGLRenderTarget(1, 1, {
      format: RedFormat,
      type: isFloat ? HalfFloatType : UnsignedByteType,
      minFilter: NearestFilter,
      magFilter: NearestFilter,
      depthBuffer: false,
    });
    set(this.ramp, 'counts', this.counts.texture);
  }

  show(picture: PointsPicture, cloud: PointCloud): void {
    const before = this.picture;
    [this.picture, this.cloud] = [picture, cloud];
    if (before?.count !== picture.count) {
      this.geometry.dispose();
      this.lineGeometry.dispose();
      this.points.geometry = this.spotPoints.geometry = this.geometry = new BufferGeometry();
      this.lines.geometry = this.lineGeometry = lineGeometry();
    }
    const cells = picture.form === 'sprites' ? picture.sprites?.cells : undefined;
    const attributes = {
      position: this.attribute(cloud.places, 3, cloud.placesVersion),
      before: this.attribute(cloud.before, 3, cloud.beforeVersion),
      colour: this.attribute(picture.colours, 4, 0),
      state: this.attribute(cloud.states, 1, cloud.statesVersion),
    };
    for (const [name, attribute] of Object.entries(attributes)) {
      this.geometry.setAttribute(name, attribute);
      this.lineGeometry.setAttribute(name, attribute);
    }
    // Shaders need some integers there, also where nothing is made of them.
    this.geometry.setAttribute('cell', cells ? this.attribute(cells, 1, 0) : attributes.state);
    if (before?.lines !== picture.lines) this.lineGeometry.setIndex(new BufferAttribute(picture.lines, 1));
    if (picture.sprites && picture.form === 'sprites' && picture.sprites.image !== this.sprites?.image)
      void this.loadSprites(picture.sprites);
  }

  /** One for each array: as long as that is in use, its bytes are on the GPU once. */
  private attribute(array: Float32Array | Uint8Array | Uint32Array, size: number, version: number): BufferAttribute {
    const known = this.attributes.get(array);
    if (known) {
      if (known.version !== version) known.attribute.needsUpdate = true;
      known.version = version;
      return known.attribute;
    }
    const attribute = new BufferAttribute(array, size, size === 4);
    if (size === 1) attribute.gpuType = IntType;
    this.attributes.set(array, { attribute, version });
    return attribute;
  }

  draw(view: View, theme: PointsTheme): void {
    this.render(view, theme, devicePixelRatio);
  }

  still(view: View, theme: PointsTheme, ratio: number): Promise<HTMLCanvasElement> {
    this.render(view, theme, ratio);
    return Promise.resolve(this.element);
  }

  private render(view: View, theme: PointsTheme, ratio: number): void {
    const { picture, cloud, gl } = this;
    const { width, height } = view;
    if (!picture || !cloud) return;
    if (gl.getPixelRatio() !== ratio) gl.setPixelRatio(ratio);
    const [wide, high] = [Math.floor(width * ratio), Math.floor(height * ratio)];
    if (this.element.width !== wide || this.element.height !== high) gl.setSize(width, height, false);
    this.look(view, theme, ratio, picture, cloud);
    if (picture.density) {
      this.counts.setSize(wide, high);
      gl.setRenderTarget(this.counts);
      gl.setClearColor(0, 0);
      gl.clear();
      gl.render(this.spotScene, this.camera);
      gl.setRenderTarget(null);
    }
    gl.setClearColor(theme.background, 1);
    gl.clear();
    gl.render(this.scene, this.camera);
  }

  private look(view: View, theme: PointsTheme, ratio: number, picture: PointsPicture, cloud: PointCloud): void {
    const { width, height, axes, scale } = view;
    const [right, up, near] = axes;
    const values = {
      part: cloud.part,
      origin: view.origin,
      axes: new Float32Array([0, 1, 2].flatMap((i) => [right[i], up[i], near[i]] as number[])),
      scale: [(2 * scale) / width, (2 * scale) / height],
      tilt: view.tilt,
      ratio,
      opacity: picture.opacity,
      dimOpacity: dimmed(theme),
      fogFrom: view.fog,
      ground: rgb(theme.background),
    };
    for (const [name, value] of Object.entries(values)) set(this.placed, name, value);
    const shape = shapeOf(picture);
    const isSprite = !shape.round && (this.dots['pageCount']?.value as number) > 0;
    set(this.dots, 'size', isSprite ? [shape.width, shape.height] : [picture.size, picture.size]);
    set(this.dots, 'dotSize', picture.size);
    set(this.strokes, 'viewport', [width, height]);
    set(this.dots, 'isSprite', isSprite);
    set(this.dots, 'ink', rgb(theme.ink));
    set(this.dots, 'which', picture.density ? 2 : 0);
    this.heat.visible = picture.density;
    this.lines.visible = picture.lines.length > 0;
    if (!picture.density) return;
    set(this.spots, 'size', [spotSize(picture), spotSize(picture)]);
    set(this.ramp, 'most', densest(picture, cloud, view));
    set(this.ramp, 'stops', theme.sequential.flatMap(rgb));
  }

  /** Page by page, so that a large image does not hold up anything. */
  private async loadSprites(sprites: Sprites): Promise<void> {
    this.sprites = sprites;
    const gl = this.gl.getContext() as WebGL2RenderingContext;
    const { image, width, height } = sprites;
    const sheet = { sheetWidth: image.width, sheetHeight: image.height, width, height };
    const { columns, pageColumns, pageRows, across, pages } = cutPages(sheet, gl.getParameter(gl.MAX_TEXTURE_SIZE) as number); // prettier-ignore
    const [first] = pages;
    if (!first) return;
    this.forgetSprites();
    const texture = gl.createTexture();
    this.pages.sourceTexture = texture;
    const bind = (): void => this.gl.state.bindTexture(gl.TEXTURE_2D_ARRAY, texture);
    bind();
    gl.texStorage3D(gl.TEXTURE_2D_ARRAY, 1, gl.RGBA8, first.width, first.height, pages.length);
    for (const side of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D_ARRAY, side, gl.CLAMP_TO_EDGE); // prettier-ignore
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D_ARRAY, filter, gl.LINEAR); // prettier-ignore
    set(this.dots, 'pages', this.pages);
    set(this.dots, 'grid', [columns, pageColumns, pageRows, across]);
    set(this.dots, 'cellSize', [width, height]);
    for (const [layer, page] of pages.entries()) {
      const part = await createImageBitmap(image, page.x, page.y, page.width, page.height);
      if (this.pages.sourceTexture !== texture) return part.close();
      bind();
      gl.texSubImage3D(gl.TEXTURE_2D_ARRAY, 0, 0, 0, layer, page.width, page.height, 1, gl.RGBA, gl.UNSIGNED_BYTE, part); // prettier-ignore
      part.close();
      set(this.dots, 'pageCount', layer + 1);
      this.whenReady();
    }
  }

  private forgetSprites(): void {
    const texture = this.pages.sourceTexture;
    if (texture) (this.gl.getContext() as WebGL2RenderingContext).deleteTexture(texture);
    this.pages.sourceTexture = null;
    set(this.dots, 'pageCount', 0);
  }

  dispose(): void {
    this.forgetSprites();
    for (const one of [this.geometry, this.lineGeometry, this.heat.geometry, this.counts]) one.dispose();
    for (const { material } of [this.points, this.spotPoints, this.lines, this.heat])
      (material as RawShaderMaterial).dispose();
    this.gl.dispose();
    // Browsers have few contexts, and keep those of elements that are gone for long.
    if (!this.gl.getContext().isContextLost()) this.gl.forceContextLoss();
  }
}

/** Lines of more than a pixel are not to be had: each is drawn several times, a little aside, which makes it soft. */
function lineGeometry(): InstancedBufferGeometry {
  const geometry = new InstancedBufferGeometry();
  geometry.instanceCount = LINE_SHIFTS;
  return geometry;
}

function uniforms(values: Record<string, unknown>): Uniforms {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
}

function set(of: Uniforms, name: string, value: unknown): void {
  (of[name] as IUniform).value = value;
}

/** Red, green and blue, 0…1. */
function rgb(hex: string): number[] {
  const colour = colourOf(hex);
  return [0, 8, 16].map((shift) => ((colour >>> shift) & 255) / 255);
}
