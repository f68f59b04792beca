/*
 * Reads pasted HTML of word processors and web pages: a pure function from HTML to paragraphs, and what was
 * left out of them. Nothing here knows the editor. No build step.
 */
(() => {
  const {
    parseDeclarations, readSheets, whyLeftOut, addStyles, readInput, isCountedOtherwise, findSignFont, readSigns,
    isMath, isOneLine, readMath, isPicture, hasColumns, isBlock, isGlued, findGaps, wrapRows,
    findHiddenColumns, joinCells,
  } = window.treatmentPaste;
  const TABLE_ROWS = new Set(['TBODY', 'THEAD', 'TFOOT', 'TR']);
  const PART_GAP = '; ';
  const MAX_DEPTH = 4;
  const HEADINGS = {
    H1: 'header-one', H2: 'header-two', H3: 'header-three', H4: 'header-four', H5: 'header-five', H6: 'header-six',
  };
  const LINK = /^(https?:|mailto:|tel:)/i;
  const NUMBER = /^\(?(?:\d+(?:\.\d+)*[.)]?|(?:[a-z]{1,2}|[ivxlcdm]+)[.)])\)?$/i;

  const squeeze = (text) => text.replace(/[\s\u00a0]+/g, ' ').trim();
  const getText = (block) => block.runs.map((run) => run.text).join('');

  class Reader {
    constructor(document) {
      this.sheets = readSheets(document);
      this.blocks = [];
      this.current = null;
      this.leftOut = {};
      this.gap = null;
      this.apart = null;
      this.counters = [];
      this.isRewritten = false;
    }

    /* What is left out */

    leaveOut(kind, text) {
      const words = squeeze(text);
      const goesOn = this.gap?.kind === kind;
      if (goesOn) this.gap.text += text;
      if (!words) return;
      const list = (this.leftOut[kind] ??= []);
      if (goesOn) {
        list[list.length - 1] = squeeze(this.gap.text);
      } else {
        this.endLeftOut();
        list.push(words);
        this.gap = { kind, text };
      }
    }

    /** What is left out next is named by itself. */
    endLeftOut() {
      if (this.gap && /\s/.test(this.gap.text)) this.apart ??= 'leftOut';
      this.gap = null;
    }

    note(kind) {
      this.leftOut[kind] ??= [];
    }

    /** Keeps the words before and after apart. */
    keepApart() {
      this.endLeftOut();
      this.apart = 'drawn';
    }

    /* What stays */

    open(type, depth = 0) {
      this.close();
      this.current = { type, depth, runs: [] };
    }

    close() {
      const block = this.current;
      this.current = null;
      this.gap = null;
      this.apart = null;
      if (!block) return;
      trim(block);
      if (block.runs.length) this.blocks.push(block);
    }

    addText(text, context) {
      let words = context.isPreformatted ? text : text.replace(/[ \t\r\n\f]+/g, ' ');
      if (!words) return;
      if (!this.current) this.open(context.type, context.depth);
      if (context.item?.isBroken && words.trim()) this.startLine(context.item);
      const before = getText(this.current);
      // Words that only something left out kept apart stay apart.
      if (words.trim()) {
        this.endLeftOut();
        if (this.apart && isGlued(before, words, this.apart === 'drawn')) {
          words = ` ${words}`;
          this.isRewritten = true;
        }
        this.apart = null;
      } else if (this.gap) {
        this.gap.text += words;
      }
      if (/(^|[ \n])$/.test(before)) words = words.replace(/^ +/, '');
      if (!words) return;
      this.current.runs.push({ text: words, styles: context.styles, link: context.link });
    }

    addSigns(data, context) {
      const { text, hasUnknown } = readSigns(data, context.signFont);
      if (hasUnknown) this.note('signs');
      if (text !== data) this.isRewritten = true;
      this.addText(text, context);
    }

    /** An item has one paragraph: others become lines of it. */
    startLine(item) {
      item.isBroken = false;
      const text = getText(this.current);
      if (text.trim() && !text.endsWith('\n')) this.current.runs.push({ text: '\n', styles: new Set() });
    }

    breakLine(context) {
      if (!this.current) return;
      const { type, depth } = this.current;
      if (type === 'unstyled' && /\n$/.test(getText(this.current))) {
        this.open(type, depth);
      } else {
        this.addText('\n', { ...context, isPreformatted: true });
      }
    }

    /* The walk */

    walk(node, context) {
      for (const child of node.childNodes) {
        if (child.nodeType === Node.TEXT_NODE) {
          if (context.leftOut) this.leaveOut(context.leftOut, child.data);
          else this.addSigns(child.data, context);
        } else if (child.nodeType === Node.ELEMENT_NODE) {
          this.walkElement(child, context);
        }
      }
    }

    readStyle(element) {
      return new Map([
        ...(this.sheets.get(element) || []),
        ...parseDeclarations(element.getAttribute('style')),
      ]);
    }

    walkElement(element, outer) {
      const style = this.readStyle(element);
      const why = whyLeftOut(element, style);
      if (why === 'unseen') return;
      if (why || outer.leftOut) {
        this.leaveElementOut(element, style, outer, why);
        return;
      }
      const context = {
        ...outer, hasColumns: hasColumns(style, outer.hasColumns), styles: addStyles(outer.styles, element, style),
        signFont: findSignFont(outer.signFont, element, style),
      };
      const tag = element.tagName;
      const gaps = isBlock(element) ? {} : findGaps(element, style, outer.hasColumns);
      if (gaps.before) this.keepApart();
      if (tag === 'BR') this.breakLine(context);
      else if (isPicture(element)) this.note('pictures');
      else if (style.get('mso-list') === 'ignore') return;
      else if (isMath(element)) this.readFormula(element, context);
      else if (tag === 'TABLE') this.readTable(element, context);
      else if (context.table && TABLE_ROWS.has(tag)) this.readRows(element, context);
      else if (tag === 'UL' || tag === 'OL') this.readList(element, style, context);
      else if (tag === 'LI') this.readItem(element, style, context);
      else if (/^l\d+\s+level\d+/.test(style.get('mso-list') || '') && !HEADINGS[tag]) this.readWordItem(element, style, context);
      else if (isBlock(element)) this.readBlock(element, context);
      else this.walk(element, this.readInline(element, context));
      if (gaps.after) this.keepApart();
    }

    leaveElementOut(element, style, outer, why) {
      const kind = outer.leftOut || why;
      const tag = element.tagName;
      const isLine = tag === 'BR' || isBlock(element);
      const gaps = isLine ? { before: true, after: true } : findGaps(element, style, outer.hasColumns);
      // What stands inside of hidden text is not drawn at all.
      const isDrawn = !outer.leftOut || kind === 'struck';
      const part = () => (isDrawn ? this.keepApart() : this.endLeftOut());
      if (gaps.before) part();
      // Struck words in pieces are one text to who reads them; hidden ones, nobody reads together.
      else if (!outer.leftOut && why !== 'struck') this.endLeftOut();
      if (tag === 'INPUT') this.leaveOut(kind, readInput(element));
      const inner = { ...outer, hasColumns: hasColumns(style, outer.hasColumns), leftOut: kind };
      // A struck row is still a row of the grid; a hidden one is none.
      if (why === 'struck' && outer.table && tag === 'TR') this.readRow(element, inner);
      else if (!isPicture(element)) this.walk(element, inner);
      if (gaps.after || why === 'controls') part();
    }

    readInline(element, context) {
      const address = element.tagName === 'A' ? (element.getAttribute('href') || '').trim() : '';
      if (LINK.test(address)) return { ...context, link: address };
      const words = squeeze(element.textContent);
      if (address && words) (this.leftOut.links ??= []).push(words);
      return context;
    }

    /** A formula that needs more than one line is left out whole: half of it would say something else. */
    readFormula(element, context) {
      this.isRewritten = true;
      if (isOneLine(element)) {
        for (const { text, styles, isApart } of readMath(element, context.styles)) {
          if (isApart) this.keepApart();
          else this.addText(text, { ...context, styles });
        }
      } else {
        this.endLeftOut();
        this.leaveOut('formulas', element.textContent);
        this.keepApart();
      }
    }

    readBlock(element, outer) {
      const heading = HEADINGS[element.tagName];
      const context = { ...outer, isPreformatted: outer.isPreformatted || element.tagName === 'PRE' };
      if (heading) Object.assign(context, { type: heading, depth: 0 });
      if (outer.item) {
        outer.item.isBroken = true;
        this.walk(element, context);
        outer.item.isBroken = true;
        return;
      }
      this.close();
      this.walk(element, context);
      this.close();
    }

    /* Lists */

    readList(element, style, outer) {
      const start = Number.parseInt(element.getAttribute('start'), 10);
      const isNested = outer.list !== undefined;
      const depth = isNested ? Math.min(outer.list.depth + 1, MAX_DEPTH) : 0;
      const type = element.tagName === 'OL' ? 'ordered-list-item' : 'unordered-list-item';
      this.close();
      if (type === 'ordered-list-item' && isCountedOtherwise(element, style)) this.note('numbers');
      this.walk(element, {
        ...outer, item: undefined, list: { depth, type, next: Number.isNaN(start) ? 1 : start },
        type: 'unstyled', depth: 0,
      });
      this.close();
    }

    readItem(element, style, outer) {
      const list = outer.list || { depth: 0, type: 'unordered-list-item' };
      if (list.type === 'ordered-list-item' && isCountedOtherwise(element, style)) this.note('numbers');
      const level = Number.parseInt(
        element.getAttribute('aria-level') || element.getAttribute('data-aria-level'), 10,
      );
      const depth = Number.isNaN(level) ? list.depth : Math.min(level - 1, MAX_DEPTH);
      const given = Number.parseInt(element.getAttribute('value'), 10);
      const number = Number.isNaN(given) ? list.next : given;
      list.next = undefined;
      this.openItem(list.type, depth, number);
      // What follows a list inside the item belongs below it and has no number of its own.
      const rest = { type: 'unordered-list-item', depth: Math.min(depth + 1, MAX_DEPTH) };
      this.walk(element, { ...outer, ...rest, list: { ...list, depth }, item: {} });
      this.close();
    }

    readWordItem(element, style, outer) {
      const level = Number.parseInt(/level(\d+)/.exec(style.get('mso-list'))[1], 10);
      const depth = Math.min(level - 1, MAX_DEPTH);
      const marker = squeeze(this.findMarker(element));
      const isNumbered = NUMBER.test(marker);
      const digits = /^\(?(\d+)[.)]*$/.exec(marker);
      if (isNumbered && !digits) this.note('numbers');
      this.openItem(
        isNumbered ? 'ordered-list-item' : 'unordered-list-item', depth, digits ? Number(digits[1]) : undefined,
      );
      this.walk(element, { ...outer, type: 'unstyled', depth: 0, item: {} });
      this.close();
    }

    findMarker(element) {
      for (const part of element.querySelectorAll('[style]')) {
        if (parseDeclarations(part.getAttribute('style')).get('mso-list') === 'ignore') return part.textContent;
      }
      return '';
    }

    openItem(type, depth, number) {
      this.open(type, depth);
      const last = this.blocks[this.blocks.length - 1];
      if (!last || !last.type.endsWith('list-item')) this.counters = [];
      this.counters.length = Math.min(this.counters.length, depth + 1);
      const counter = this.counters[depth];
      const isNext = counter && counter.type === type;
      const expected = isNext ? counter.number + 1 : 1;
      this.counters[depth] = { type, number: expected };
      if (type === 'ordered-list-item' && number !== undefined && number !== expected) this.note('numbers');
    }

    /* Tables */

    readTable(table, context) {
      const rows = [...table.querySelectorAll('tr')].filter((row) => row.closest('table') === table);
      if (rows.every((row) => row.cells.length < 2)) {
        // A table of one column is a frame around paragraphs.
        this.readBlock(table, context);
        return;
      }
      this.close();
      const columns = findHiddenColumns(table, (part) => this.readStyle(part));
      this.walk(table, { ...context, table: { below: new Map(), columns } });
      this.close();
      this.note('tables');
    }

    readRows(element, context) {
      if (element.tagName === 'TR') {
        const runs = joinCells(this.readRow(element, context));
        if (runs.length) this.blocks.push({ type: 'unstyled', depth: 0, runs });
      } else {
        this.walk(element, { ...context, table: { ...context.table, below: new Map() } });
      }
    }

    /** The cells of a row, in which a cell that spans several rows stands in each of them. */
    readRow(row, context) {
      const { below, columns } = context.table;
      const cells = [];
      let column = 0;
      const takeFromAbove = () => {
        while (below.get(column)) {
          const above = below.get(column);
          if (above.rows === 1) below.delete(column);
          else above.rows -= 1;
          if (above.runs) cells.push(above.runs);
          column += above.width;
        }
      };
      for (const cell of row.cells) {
        takeFromAbove();
        const width = cell.colSpan;
        const isHidden = columns.slice(column, column + width).filter(Boolean).length === width;
        const runs = this.readCell(cell, { ...context, leftOut: context.leftOut || (isHidden ? 'hidden' : undefined) });
        if (cell.rowSpan > 1) below.set(column, { rows: cell.rowSpan - 1, runs, width });
        if (runs) cells.push(runs);
        column += width;
      }
      takeFromAbove();
      return cells;
    }

    /** The words of a cell in one line, or undefined where its column is hidden. */
    readCell(cell, context) {
      const inner = new Reader(cell.ownerDocument.implementation.createHTMLDocument(''));
      inner.sheets = this.sheets;
      inner.leftOut = this.leftOut;
      const plain = { type: 'unstyled', depth: 0, item: undefined, list: undefined, table: undefined };
      inner.walkElement(cell, { ...context, ...plain });
      inner.close();
      this.isRewritten ||= inner.isRewritten;
      if (context.leftOut) return undefined;
      return inner.blocks.flatMap((block, index) => [
        ...(index ? [{ text: PART_GAP, styles: new Set() }] : []),
        ...block.runs.map((run) => ({ ...run, text: run.text.replace(/\n/g, ' ') })),
      ]);
    }
  }

  /** Removes space at both ends of a block, and what is empty then. */
  function trim(block) {
    const { runs } = block;
    while (runs.length && !runs[0].text.trim()) runs.shift();
    while (runs.length && !runs[runs.length - 1].text.trim()) runs.pop();
    if (!runs.length) return;
    runs[0] = { ...runs[0], text: runs[0].text.trimStart() };
    const last = runs.length - 1;
    runs[last] = { ...runs[last], text: runs[last].text.trimEnd() };
  }

  /**
   * Reads pasted HTML.
   *
   * Gives `blocks`, each with a Draft.js `type`, a `depth`, and `runs` of `text`, `styles` and `link`,
   * `leftOut`: for each kind the words that were left out, or an empty list where there is nothing to quote, and
   * `isRewritten`: whether signs were written by others, which plain text on the clipboard does not do.
   */
  function readPaste(html) {
    const document = new DOMParser().parseFromString(wrapRows(html), 'text/html');
    const reader = new Reader(document);
    reader.walkElement(document.body, { type: 'unstyled', depth: 0, styles: new Set() });
    reader.close();
    return { blocks: reader.blocks, leftOut: reader.leftOut, isRewritten: reader.isRewritten };
  }

  Object.assign(window.treatmentPaste, { readPaste, getText });
})();
