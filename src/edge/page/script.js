// The page's own script: sends a picture, shows what comes back, and what it took.

const at = (id) => document.getElementById(id);
const [form, status, result, run] = ["form", "status", "result", "run"].map(at);
/** The picture to send: a File, or the scene as a Blob. */
let picture;
/** Object URLs of what is shown; given back when something else is. */
let shown = [];

for (const id of ["base", "base-again"]) at(id).textContent = new URL("./", location.href).href;

at("file").addEventListener("change", ({ target }) => choose(target.files[0]));
at("scene").addEventListener("click", async () => {
  const response = await fetch("scene.png").catch(() => undefined);
  if (!response?.ok) return say("The scene cannot be fetched.", true);
  choose(await response.blob(), "the built-in scene");
  form.requestSubmit();
});
for (const type of ["dragover", "dragleave", "drop"]) {
  at("drop").addEventListener(type, (event) => {
    event.preventDefault();
    at("drop").classList.toggle("over", type === "dragover");
    if (type === "drop") choose(event.dataTransfer.files[0]);
  });
}
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!picture) return say("Choose a picture first.", true);
  run.disabled = true;
  roundTrip()
    .catch(({ message }) => say(message, true))
    .finally(() => {
      run.disabled = false;
    });
});

function choose(file, name = file?.name) {
  if (!file) return;
  picture = file;
  at("name").textContent = name;
}

function say(text, bad = false) {
  status.textContent = text;
  status.classList.toggle("bad", bad);
}

async function roundTrip() {
  say("Encoding ...");
  const pixels = await fit(picture, Number(at("side").value));
  const sent = await new Promise((done) => pixels.canvas.toBlob(done, "image/png"));
  const encode = await post("encode", { filters: at("filters").value, values: at("values").value }, sent);
  const code = await encode.response.blob();
  say("Decoding ...");
  const decode = await post("decode", { method: at("method").value }, code);
  const again = await decode.response.blob();

  for (const url of shown) URL.revokeObjectURL(url);
  shown = [sent, again, code].map((blob) => URL.createObjectURL(blob));
  [at("before").src, at("after").src, at("download").href] = shown;
  const back = await fit(again, Infinity);
  const { width, height } = pixels.canvas;
  const iterations = decode.response.headers.get("Unpool-Iterations");
  facts({
    Size: `${width} × ${height}`,
    "Raw, 8 bits": bytes(3 * width * height),
    "The same as PNG": bytes(sent.size),
    Code: bytes(code.size),
    PSNR: `${psnr(pixels, back)} dB`,
    Encoding: `${encode.milliseconds} ms`,
    Decoding: `${decode.milliseconds} ms`,
    Iterations: iterations,
  });
  result.hidden = false;
  say("");
}

async function post(path, parameters, body) {
  const begin = performance.now();
  const response = await fetch(`${path}?${new URLSearchParams(parameters)}`, { method: "POST", body });
  const milliseconds = Math.round(performance.now() - begin);
  if (response.ok) return { response, milliseconds };
  const problem = await response.json().catch(() => undefined);
  throw new Error(
    problem ? `${problem.title}: ${problem.detail}.` : `The service answers ${response.status}.`,
  );
}

/** The picture on a canvas, opaque, scaled down to a side. */
async function fit(blob, side) {
  const image = await createImageBitmap(blob).catch(() => {
    throw new Error("This browser cannot read the picture.");
  });
  const scale = Math.min(1, side / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return context;
}

function psnr(a, b) {
  const { width, height } = a.canvas;
  const [x, y] = [a, b].map((context) => context.getImageData(0, 0, width, height).data);
  let sum = 0;
  for (let i = 0; i < x.length; ++i) sum += (x[i] - y[i]) ** 2;
  // alpha is the same in both
  return sum === 0 ? "∞" : (10 * Math.log10((255 * 255 * 3 * width * height) / sum)).toFixed(1);
}

function facts(entries) {
  at("facts").replaceChildren(
    ...Object.entries(entries).map(([name, text]) => {
      const [row, term, value] = ["div", "dt", "dd"].map((tag) => document.createElement(tag));
      [term.textContent, value.textContent] = [name, text];
      row.append(term, value);
      return row;
    }),
  );
}

function bytes(count) {
  return count < 1000 ? `${count} bytes` : `${(count / 1000).toFixed(count < 10_000 ? 1 : 0)} KB`;
}
