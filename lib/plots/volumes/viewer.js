/**
 * What runs in the page: NiiVue shows the volumes that the page holds, in three planes and in 3D.
 *
 * For tests and for the curious: `viewer.slices` and `viewer.render` are the two NiiVues, and the attribute `data-state`
 * of the page's root says `loading`, `ready` or `failed`.
 *
 * @module
 */
const { Niivue, NVImage, SLICE_TYPE } = globalThis.niivue;
const element = (id) => document.getElementById(id);
const settings = JSON.parse(element("settings").textContent);
const { organs } = settings;

const COMMON = {
  backColor: [0, 0, 0, 1],
  crosshairColor: [1, 1, 1, 1],
  crosshairGap: 6,
  crosshairWidth: 0.3,
  crosshairWidthUnit: "percent",
  dragAndDropEnabled: false,
  fontColor: [0.85, 0.85, 0.85, 1],
  isRadiologicalConvention: true,
  isResizeCanvas: true,
  logLevel: "error",
  loadingText: "",
  // As in the figures of slices: the front is on the left.
  sagittalNoseLeft: true,
  showLegend: false,
  // Other views would leave no place for the 3D one, and a clip plane cuts only the first of two label maps.
  viewModeHotKey: "",
  clipPlaneHotKey: "",
  cycleClipPlaneHotKey: "",
};

/** The quarter that is free is the 3D view's. */
const QUARTERS = [
  { sliceType: SLICE_TYPE.AXIAL, position: [0, 0, 0.495, 0.495] },
  { sliceType: SLICE_TYPE.CORONAL, position: [0.505, 0, 0.495, 0.495] },
  { sliceType: SLICE_TYPE.SAGITTAL, position: [0, 0.505, 0.495, 0.495] },
];

/** NIfTI's intent of a label map: NiiVue draws the borders of those that have it. */
const LABEL = 1002, NONE = 0;

/** Opacities before anybody moves a slider. */
const OPACITY = { truth: 0.9, prediction: 0.45 };

/** In 3D an organ is a body, not a film over a scan: it is more solid than in the planes. */
const solid = (opacity) => opacity ** 0.25;

const organMap = {
  R: [0, ...organs.map(({ colour }) => channel(colour, 0))],
  G: [0, ...organs.map(({ colour }) => channel(colour, 1))],
  B: [0, ...organs.map(({ colour }) => channel(colour, 2))],
  A: [0, ...organs.map(() => 255)],
  I: [0, ...organs.map((_, index) => index + 1)],
};

function channel(colour, index) {
  return parseInt(colour.slice(1 + 2 * index, 3 + 2 * index), 16);
}

async function readVolume(name) {
  const base64 = element(name).textContent;
  const image = { base64, name: `${name}.nii.gz` };
  if (name === "scan") {
    const [cal_min, cal_max] = settings.window;
    return await NVImage.loadFromBase64({ ...image, colormap: "gray", cal_min, cal_max });
  }
  const labels = await NVImage.loadFromBase64({ ...image, cal_min: 0, cal_max: organs.length });
  labels.setColormapLabel(organMap);
  return labels;
}

/** The scan is smooth, while labels show the voxels as they are: NiiVue knows one of the two for all volumes. */
class Planes extends Niivue {
  updateInterpolation(layer) {
    super.updateInterpolation(layer, layer === 0);
  }
}

async function show(view, canvas, volumes) {
  await view.attachToCanvas(element(canvas));
  for (const volume of volumes) view.addVolume(volume);
}

async function start() {
  const maps = ["truth", "prediction"].filter((name) => element(name));
  const slices = new Planes({ ...COMMON, sliceType: SLICE_TYPE.MULTIPLANAR, isNearestInterpolation: true });
  const render = new Niivue({ ...COMMON, sliceType: SLICE_TYPE.RENDER, gradientOrder: 2 });
  await show(slices, "slices", [await readVolume("scan"), ...await Promise.all(maps.map(readVolume))]);
  await show(render, "render", await Promise.all(maps.map(readVolume)));
  slices.setCustomLayout(QUARTERS);
  await render.setVolumeRenderIllumination(0.5);
  render.setRenderAzimuthElevation(160, 15);
  render.setScale(1.3);
  globalThis.viewer = { slices, render };
  connect({ slices, render, maps });
}

function connect({ slices, render, maps }) {
  const volume = (view, name) => view.volumes.find((image) => image.name === `${name}.nii.gz`);
  const chosen = () => document.querySelector("input[name=shown]:checked")?.value ?? "prediction";

  const redraw = () => {
    const shown = chosen();
    const opacity = (name) =>
      shown === "both" || shown === name ? Number(element(`${name}-opacity`).value) : 0;
    const truth = volume(slices, "truth");
    if (truth) truth.hdr.intent_code = shown === "both" ? LABEL : NONE;
    slices.opts.atlasOutline = shown === "both" ? opacity("truth") : 0;
    for (const name of maps) {
      volume(slices, name).opacity = shown === "both" && name === "truth" ? 0 : opacity(name);
      volume(render, name).opacity = solid(opacity(name));
    }
    for (const view of [slices, render]) view.updateGLVolume();
  };

  const look = (point) => {
    slices.scene.crosshairPos = slices.mm2frac(point);
    slices.drawScene();
    slices.createOnLocationChange();
  };

  for (const name of maps) element(`${name}-opacity`).value = OPACITY[name];
  let waiting = 0;
  for (const input of document.querySelectorAll("input")) {
    input.addEventListener("input", () => {
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(redraw);
    });
  }
  for (const button of document.querySelectorAll("[data-organ]")) {
    const { centre } = organs[button.dataset.organ - 1];
    button.disabled = !centre;
    button.title = centre ? "Go there" : "In neither label map";
    button.addEventListener("click", () => look(centre));
  }
  slices.onLocationChange = ({ mm, values }) => {
    element("place").textContent = describePlace(mm, values);
  };
  redraw();
  look(settings.start);
}

function describePlace(mm, values) {
  const place = ["x", "y", "z"].map((axis, i) => `${axis} ${mm[i].toFixed(0)}`).join(" · ");
  const lines = values.map(({ name, value }) => {
    const title = name.replace(".nii.gz", "");
    const shown = title === "scan"
      ? Number(value.toPrecision(4))
      : organs[Math.round(value) - 1]?.name ?? "–";
    return `${title}: ${shown}`;
  });
  return [`${place} mm`, ...lines].join("\n");
}

try {
  if (!document.createElement("canvas").getContext("webgl2")) {
    throw new Error("this browser has no WebGL 2, which 3D needs");
  }
  await start();
  document.documentElement.dataset.state = "ready";
} catch (error) {
  element("problem").textContent = `The scan cannot be shown: ${error.message}`;
  document.documentElement.dataset.state = "failed";
  throw error;
}
