// Small DOM building blocks. Text always goes in as text; HTML only through setTrustedHtml.

const SVG = "http://www.w3.org/2000/svg";

/**
 * Create an element. `props` takes `class`, `dataset`, `on` (event → listener) and any attribute;
 * false, null and undefined leave an attribute out, true sets it empty. Children may be nodes,
 * strings, numbers or nested arrays of these; empty ones are skipped.
 */
export function el(name, props = {}, ...children) {
  return fill(document.createElement(name), props, children);
}

/** Create an SVG element; same arguments as el(). */
export function svg(name, props = {}, ...children) {
  return fill(document.createElementNS(SVG, name), props, children);
}

function fill(node, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") node.setAttribute("class", Array.isArray(value) ? value.filter(Boolean).join(" ") : value);
    else if (name === "dataset") setData(node, value);
    else if (name === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  append(node, children);
  return node;
}

function setData(node, values) {
  for (const [name, value] of Object.entries(values)) {
    if (value !== null && value !== undefined && value !== "") node.dataset[name] = value;
  }
}

/** Append children to a node; nested arrays are flattened and empty children skipped. */
export function append(node, ...children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    node.append(child instanceof Node ? child : String(child));
  }
  return node;
}

/** Return the given children in a fragment. */
export function fragment(...children) {
  return append(document.createDocumentFragment(), children);
}

/**
 * Put HTML of the API into a node. The API promises clean display HTML; this is the only place of
 * the reader where HTML is inserted, so that this promise has one address.
 */
export function setTrustedHtml(node, html) {
  node.innerHTML = html;
  return node;
}

/** Text for screen readers only. */
export function hiddenText(text) {
  return el("span", { class: "visually-hidden" }, text);
}

/** Whether a value is a text with something in it. */
export function hasText(value) {
  return typeof value === "string" && value.trim() !== "";
}

/** Name the block that a node shows, so that comments, tests and analytics can point at it. */
export function markBlock(node, block) {
  if (node && block) setData(node, { blockId: block.id, blockType: block.type });
  return node;
}

/** The items of a stream; an absent stream is an empty one. */
export function items(stream) {
  return Array.isArray(stream) ? stream.filter((item) => item !== null && item !== undefined) : [];
}

/** The values of a stream or of a list; stream children are unwrapped. */
export function values(stream) {
  return items(stream)
    .map((item) => (typeof item === "object" && "value" in item ? item.value : item))
    .filter((value) => value !== null && value !== undefined);
}
