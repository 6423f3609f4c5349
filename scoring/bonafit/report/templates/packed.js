// Parts of cards that are built when they are opened: data becomes elements one by one, never markup.
const SVG = "http://www.w3.org/2000/svg";
let parts = {};

function built([tag, attributes, ...children], within) {
  const isDrawn = within || tag === "svg";
  const element = isDrawn ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  for (const child of children) element.append(typeof child === "string" ? child : built(child, isDrawn));
  return element;
}

function fill(card) {
  const nodes = parts[card.n];
  if (!nodes) return;
  delete parts[card.n];
  inside(card, ".inside").append(...nodes.map((node) => (typeof node === "string" ? node : built(node, false))));
  show(card, asStored());
}

async function unpack() {
  const bytes = Uint8Array.from(atob(byId("packed").textContent), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  parts = JSON.parse(await new Response(stream).text());
  for (const card of cards) if (inside(card, "details").open) fill(card);
}

document.addEventListener("toggle", (event) => {
  const element = event.target.open && event.target.closest(".card");
  if (element) fill(cardOf.get(Number(element.dataset.n)));
}, true);
