// Tables with headings for rows and columns; a wide one scrolls inside its own frame.

import { el, hasText, items, markBlock } from "../dom.js";

/** Show a table. */
export function renderTable(value, context, block) {
  const columns = items(value.columns);
  const rows = items(value.rows);
  if (!rows.length) return null;
  const captionId = `table-${block.id}`;
  const table = el(
    "table",
    {},
    hasText(value.caption) && el("caption", { id: captionId }, el("span", {}, value.caption)),
    columns.some((column) => hasText(column.value)) && el("thead", {}, el("tr", {}, columns.map(renderColumn))),
    el("tbody", {}, rows.map((row) => renderRow(row, columns))),
  );
  const frame = el("div", { class: "table-frame", "aria-labelledby": hasText(value.caption) && captionId }, table);
  watchWidth(frame, table, context);
  return frame;
}

function renderColumn(column) {
  const heading = hasText(column.value) ? el("th", { scope: "col" }, column.value) : el("td", {});
  return markBlock(heading, column);
}

function renderRow(row, columns) {
  const { heading, cells } = row.value ?? {};
  return markBlock(
    el(
      "tr",
      {},
      el("th", { scope: "row" }, heading),
      items(cells).map((cell, index) =>
        markBlock(el("td", { dataset: { column: columns[index + 1]?.value } }, cell.value), cell),
      ),
    ),
    row,
  );
}

// Only a frame that really scrolls takes part in the keyboard order.
function watchWidth(frame, table, { words }) {
  if (typeof ResizeObserver === "undefined") return;
  new ResizeObserver(() => {
    const scrolls = table.offsetWidth > frame.clientWidth + 1;
    frame.classList.toggle("scrolls", scrolls);
    if (scrolls) {
      frame.tabIndex = 0;
      frame.setAttribute("role", "region");
      frame.title = words.t("table_scroll");
    } else {
      frame.removeAttribute("tabindex");
      frame.removeAttribute("role");
      frame.removeAttribute("title");
    }
  }).observe(frame);
}
