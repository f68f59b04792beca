/* What a browser draws with a gap between: boxes, columns, pictures, wide margins. No build step. */
(() => {
  const { findLevel } = window.treatmentPaste;
  const BLOCK_TAGS = new Set([
    'P', 'DIV', 'SECTION', 'ARTICLE', 'HEADER', 'FOOTER', 'MAIN', 'ASIDE', 'NAV', 'ADDRESS', 'FIGURE',
    'FIGCAPTION', 'BLOCKQUOTE', 'PRE', 'DL', 'DT', 'DD', 'FORM', 'FIELDSET', 'LEGEND', 'DETAILS', 'SUMMARY',
    'UL', 'OL', 'LI', 'MENU', 'DIR', 'TABLE', 'CAPTION', 'TBODY', 'THEAD', 'TFOOT', 'TR', 'TD', 'TH', 'HR',
    'CENTER', 'HGROUP', 'SEARCH', 'DIALOG', 'LISTING', 'XMP', 'PLAINTEXT', 'OPTION', 'OPTGROUP',
    'H1', 'H2', 'H3', 'H4', 'H5', 'H6',
  ]);
  const PICTURE_TAGS = new Set(['IMG', 'SVG', 'CANVAS', 'VIDEO', 'AUDIO', 'OBJECT', 'EMBED', 'IFRAME']);
  const BOX_TAGS = new Set([...PICTURE_TAGS, 'RT', 'RTC', 'Q', 'MARQUEE']);
  const OWN_LINE = /^(block|flow-root|flex|grid|table|list-item|-webkit-box|ruby-text)/;
  const OWN_BOX = /^(inline-|-webkit-inline)/;
  const COLUMNS = /^(inline-|-webkit-|-webkit-inline-)?(flex|grid|box)$/;
  /** In pixels: half a space of usual text. */
  const WIDE = 3;
  const PIXELS = { px: 1, pt: 4 / 3 };
  const EM = 16;
  const EDGES = { left: 'start', right: 'end' };
  /** Words and numbers that would be read as one; in a line that was drawn apart, also a sentence and the next. */
  const GLUED = /[\p{L}\p{N}]\n[\p{L}\p{N}]|\p{N}[.,:]\n\p{N}|\p{N}\n[.,:]\p{N}/u;
  const GLUED_BOXES = /[\p{L}\p{N}.,;:!?%)\]]\n[\p{L}\p{N}]|[\p{N}%)]\n[-–−+±<>≤≥≈~.,:]\p{N}/u;

  const isBlock = (element) => BLOCK_TAGS.has(element.tagName);
  const isPicture = (element) => PICTURE_TAGS.has(element.tagName.toUpperCase());
  /** Whether the children of an element stand in columns of a flex or grid container: its own, or the one around. */
  const hasColumns = (style, isColumn) => (
    COLUMNS.test(style.get('display') || '') || Boolean(isColumn && style.get('display') === 'contents')
  );

  function isGlued(before, after, isDrawn) {
    return (isDrawn ? GLUED_BOXES : GLUED).test(`${before.slice(-2)}\n${after.slice(0, 2)}`);
  }

  function isWide(length) {
    if (/^(calc|min|max|clamp)\(/.test(length || '')) return true;
    const [, number, unit] = /^([\d.]+)([a-z]+|%)?/.exec(length || '') || [];
    return Number(number) * (PIXELS[unit] ?? EM) >= WIDE;
  }

  /** Whether a margin, a padding or a line stands at one side. */
  function hasEdge(style, side) {
    const names = [side, `inline-${EDGES[side]}`];
    return names.some((name) => (
      isWide(style.get(`margin-${name}`)) || isWide(style.get(`padding-${name}`))
      || (/^[^nh]/.test(style.get(`border-${name}-style`) || '') && !/^0/.test(style.get(`border-${name}-width`) || ''))
    ));
  }

  /** Whether an element is drawn outside the line; a large first letter belongs to its word. */
  function isMovedAway(element, style) {
    const isFloat = /^(left|right|inline-)/.test(style.get('float') || '');
    return /^(absolute|fixed)$/.test(style.get('position') || '')
      || (isFloat && !/^\s*\p{L}\s*$/u.test(element.textContent));
  }

  /** Whether there is a gap before, and after, what is no block by its name; `isColumn`: inside flex or grid. */
  function findGaps(element, style, isColumn) {
    const display = style.get('display') || element.getAttribute('display') || '';
    const both = { before: true, after: true };
    if (display === 'none' || (!display && element.hidden)) return {};
    if (OWN_LINE.test(display) || BOX_TAGS.has(element.tagName.toUpperCase())) return both;
    // What is raised or lowered belongs to what it stands at: 10⁹.
    if (/^SU[BP]$/.test(element.tagName) || findLevel(element, style)) return {};
    // What is invisible, but not gone, takes its place.
    const isInvisible = style.has('visibility') && style.get('visibility') !== 'visible';
    const isClear = parseFloat(style.get('opacity') ?? '1') === 0;
    if (isColumn || isInvisible || isClear || OWN_BOX.test(display) || isMovedAway(element, style)) return both;
    return { before: hasEdge(style, 'left'), after: hasEdge(style, 'right') };
  }

  Object.assign(window.treatmentPaste, { isBlock, isPicture, hasColumns, isGlued, findGaps });
})();
