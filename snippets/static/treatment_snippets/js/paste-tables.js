/* Tables: rows that came without theirs, columns that are hidden, the line of a row. No build step. */
(() => {
  const { whyLeftOut } = window.treatmentPaste;
  const CELL_GAP = ' · ';
  const EMPTY_CELL = '–';
  /** Comments, what has no tags inside, and tags. What does not end goes on to the end, so that none is read twice. */
  const TOKEN = new RegExp([
    /<!--[\s\S]*?(?:-->|$)/, /<![^>]*(?:>|$)/, /<(style|script|title|textarea)\b[\s\S]*?(?:<\/\1\s*>|$)/,
    /<(\/?)([a-z][^\s/>]*)(?:=\s*(?:"[^"]*(?:"|$)|'[^']*(?:'|$))|[^>])*(?:>|$)/,
  ].map((each) => each.source).join('|'), 'gi');
  /** How deep a part stands; one of the same depth, or above, ends it. */
  const LEVELS = { tbody: 1, thead: 1, tfoot: 1, caption: 1, colgroup: 1, col: 2, tr: 2, td: 3, th: 3 };

  /** Puts rows and cells into a table where they have none: the parser of browsers drops their tags. */
  function wrapRows(html) {
    let written = '';
    let end = 0;
    let depth = 0;
    let parts = null;
    const finish = () => {
      if (parts) written += '</table>';
      parts = null;
    };
    const takeText = (text) => {
      if (parts && !parts.length && text.trim()) finish();
      written += text;
    };
    for (const match of html.matchAll(TOKEN)) {
      takeText(html.slice(end, match.index));
      end = match.index + match[0].length;
      const name = (match[3] || '').toLowerCase();
      const isEnd = match[2] === '/';
      const level = LEVELS[name];
      if (name === 'table') {
        if (parts && !parts.length) finish();
        if (!isEnd) depth += 1;
        else if (depth) depth -= 1;
        else parts = null;
      } else if (level && !depth) {
        if (!parts && !isEnd) {
          written += '<table>';
          parts = [];
        }
        parts = parts && parts.filter((each) => each < level);
        if (!isEnd && name !== 'col') parts.push(level);
      } else if (name && parts && !parts.length) {
        finish();
      }
      written += match[0];
    }
    takeText(html.slice(end));
    finish();
    return written;
  }

  /** By the number of a column: why it is left out. A program that hides columns marks them only here. */
  function findHiddenColumns(table, readStyle) {
    const columns = [];
    for (const group of table.querySelectorAll(':scope > colgroup')) {
      const whyGroup = whyLeftOut(group, readStyle(group));
      const parts = group.children.length ? [...group.children] : [group];
      for (const col of parts) {
        const why = whyGroup || whyLeftOut(col, readStyle(col));
        for (let count = 0; count < (col.span || 1); count += 1) columns.push(why === 'hidden' ? why : null);
      }
    }
    return columns;
  }

  /** The line of a row, by the runs of its cells; of an empty row there is none. */
  function joinCells(cells) {
    if (!cells.some((runs) => runs.length)) return [];
    const plain = { styles: new Set() };
    return cells.flatMap((cell, index) => [
      ...(index ? [{ ...plain, text: CELL_GAP }] : []),
      ...(cell.length ? cell : [{ ...plain, text: EMPTY_CELL }]),
    ]);
  }

  Object.assign(window.treatmentPaste, { wrapRows, findHiddenColumns, joinCells });
})();
