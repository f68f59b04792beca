// Line icons, drawn on a 24 × 24 grid. They repeat what words say, so they are hidden from assistive technology.

import { svg } from "./dom.js";

const PATHS = {
  check: ["M5 12.5l4.5 4.5L19 7.5"],
  cross: ["M6.5 6.5l11 11", "M17.5 6.5l-11 11"],
  dot: ["M12 9.5a2.5 2.5 0 1 0 0 5a2.5 2.5 0 1 0 0-5"],
  information: ["M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17", "M12 11v5.5", "M12 7.6v.1"],
  tip: ["M9.5 18h5", "M10 21h4", "M12 3a6 6 0 0 0-3.8 10.7c.8.7 1.3 1.4 1.3 2.3h5c0-.9.5-1.6 1.3-2.3A6 6 0 0 0 12 3"],
  important: ["M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17", "M12 7.5v5.5", "M12 16.4v.1"],
  warning: ["M12 4L2.8 19.5h18.4z", "M12 10v4.5", "M12 17v.1"],
  phone: ["M6.2 3.5h3l1.5 4-2 1.6a12 12 0 0 0 6.2 6.2l1.6-2 4 1.5v3a2 2 0 0 1-2.2 2A16.5 16.5 0 0 1 4.2 5.7a2 2 0 0 1 2-2.2"],
  clock: ["M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17", "M12 7.5V12l3 2"],
  calendar: ["M4.5 6h15v14h-15z", "M4.5 10h15", "M8.5 3.5V7", "M15.5 3.5V7"],
  home: ["M4 11l8-7 8 7", "M6 9.8V20h12V9.8", "M10 20v-5.5h4V20"],
  play: ["M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18", "M10 8.5v7l5.5-3.5z"],
  up: ["M12 19V6", "M6 11.5L12 5.5l6 6"],
  right: ["M5 12h13", "M12.5 6.5L18 12l-5.5 5.5"],
  external: ["M10 5.5H5.5v13h13V14", "M13.5 5.5h5v5", "M18.5 5.5L11 13"],
  globe: ["M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17", "M3.5 12h17", "M12 3.5c-4.5 4.8-4.5 12.2 0 17", "M12 3.5c4.5 4.8 4.5 12.2 0 17"],
  comment: ["M4 5h16v11H11l-4.500 4v-4H4z"],
};

/** Return an icon as an SVG element. */
export function icon(name) {
  const paths = (PATHS[name] ?? PATHS.dot).map((d) => svg("path", { d }));
  return svg("svg", { class: `icon icon-${name}`, viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" }, paths);
}
