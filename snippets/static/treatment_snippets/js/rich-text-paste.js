/*
 * Pastes what word processors and web pages give, and tells the editor what was left out: in the rich text
 * editor as a plugin of Draftail, in fields of plain text by what they would lose. No build step.
 */
(() => {
  const { readPaste } = window.treatmentPaste;
  const { EditorState, Modifier, convertFromRaw } = window.DraftJS;
  const TOLD = [
    'struck', 'hidden', 'comments', 'controls', 'formulas', 'signs', 'pictures', 'tables', 'headings', 'lists',
    'numbers', 'links',
  ];
  const QUOTES = 5;
  const QUOTE_LENGTH = 80;
  const LEVELS = {
    SUPERSCRIPT: ['^', '0123456789+-−=()n', '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ'],
    SUBSCRIPT: ['_', '0123456789+-−=()', '₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎'],
  };
  let messages = {};
  let target = null;

  /* Texts */

  /** Words above or below the line in a text that cannot have them there: by Unicode, else `^(…)`. */
  function writeLevel(text, style) {
    const [sign, plain, written] = LEVELS[style];
    const signs = [...text].map((each) => [...written][[...plain].indexOf(each)]);
    return signs.every(Boolean) ? signs.join('') : `${sign}(${text})`;
  }

  function writeRun(run, allowed) {
    const missing = Object.keys(LEVELS).find((style) => run.styles.has(style) && !allowed.has(style));
    return missing && run.text.trim() ? writeLevel(run.text, missing) : run.text;
  }

  /* Blocks for Draft.js */

  function listTypes(list) {
    return new Set((list || []).map((each) => each.type));
  }

  /** Reads HTML as a text with some formats takes it: `raw` for Draft.js, and what was left out. */
  function readFor(html, allowed) {
    const { blocks, leftOut } = readPaste(html);
    const types = listTypes(allowed.blockTypes);
    const styles = listTypes(allowed.inlineStyles);
    const hasLinks = listTypes(allowed.entityTypes).has('LINK');
    const entityMap = {};
    const rows = blocks.map((block) => {
      const isKept = block.type === 'unstyled' || types.has(block.type);
      if (!isKept) leftOut[block.type.startsWith('header') ? 'headings' : 'lists'] ??= [];
      const row = {
        text: '', type: isKept ? block.type : 'unstyled', depth: isKept ? block.depth : 0,
        inlineStyleRanges: [], entityRanges: [],
      };
      for (const run of block.runs) {
        const text = writeRun(run, styles);
        const range = { offset: row.text.length, length: text.length };
        for (const style of run.styles) {
          if (styles.has(style)) row.inlineStyleRanges.push({ ...range, style });
        }
        if (run.link && !hasLinks) (leftOut.links ??= []).push(run.text);
        if (run.link && hasLinks) {
          const last = row.entityRanges[row.entityRanges.length - 1];
          const goesOn = last && last.offset + last.length === range.offset
            && entityMap[last.key].data.url === run.link;
          if (goesOn) {
            last.length += range.length;
          } else {
            const key = Object.keys(entityMap).length;
            entityMap[key] = { type: 'LINK', mutability: 'MUTABLE', data: { url: run.link } };
            row.entityRanges.push({ ...range, key });
          }
        }
        row.text += text;
      }
      return row;
    });
    return { raw: { blocks: rows, entityMap }, leftOut };
  }

  function makeParagraph(text) {
    return { text, type: 'unstyled', depth: 0, inlineStyleRanges: [], entityRanges: [] };
  }

  /** Whether Draftail would take words for the marks of a list: of what is pasted, or of what stands there. */
  function isMistaken(text, editorState) {
    const paragraphs = editorState.getCurrentContent().getBlocksAsArray()
      .filter((block) => block.getType() === 'unstyled')
      .map((block) => block.getText());
    return /^o /m.test(text) || paragraphs.some((each) => /^(o|[a-z]\.|x?[ivx]+\.|1?\d\.) /.test(each));
  }

  function insert(editorState, raw) {
    const fragment = convertFromRaw(raw);
    const selection = editorState.getSelection();
    const block = editorState.getCurrentContent().getBlockForKey(selection.getStartKey());
    let content = Modifier.replaceWithFragment(
      editorState.getCurrentContent(), selection, fragment.getBlockMap(),
    );
    const [first] = raw.blocks;
    if (selection.getStartOffset() === 0 && block.getType() === 'unstyled' && first.type !== 'unstyled'
      && !block.getText().slice(selection.getEndOffset())) {
      // Draft.js puts a single block into the empty one that is there, and leaves it as it is.
      const start = selection.merge({
        anchorKey: block.getKey(), anchorOffset: 0, focusKey: block.getKey(), focusOffset: 0, isBackward: false,
      });
      const after = content.getSelectionAfter();
      content = Modifier.setBlockType(content, start, first.type).merge({ selectionAfter: after });
    }
    // Not “insert-fragment”: Draftail would take paragraphs that begin with “o ” or “a. ” for items of a list.
    return EditorState.push(editorState, content, 'change-block-data');
  }

  /* What the editor is told */

  function write(message, values) {
    return message.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  function quote(texts) {
    const quoted = texts.slice(0, QUOTES).map((text) => {
      const signs = [...text];
      const short = signs.length > QUOTE_LENGTH ? `${signs.slice(0, QUOTE_LENGTH).join('')}…` : text;
      return write(messages.quote, { text: short });
    });
    if (texts.length > QUOTES) quoted.push(messages.more);
    return quoted.join(', ');
  }

  /** Shows below a field what was left out of a paste; screen readers say it. */
  function tell(place, leftOut) {
    let note = place.querySelector(':scope > .treatment-paste-note');
    const lines = TOLD.filter((kind) => leftOut[kind]).map((kind) => (
      write(messages[kind], { list: quote(leftOut[kind]) })
    ));
    if (!note) {
      if (!lines.length) return;
      note = document.createElement('div');
      note.className = 'treatment-paste-note';
      note.setAttribute('role', 'status');
      place.append(note);
    }
    note.replaceChildren();
    if (!lines.length) return;
    // A region is announced when it changes, not when it comes.
    window.setTimeout(() => {
      const list = document.createElement('ul');
      for (const line of lines) {
        const item = document.createElement('li');
        item.textContent = line;
        list.append(item);
      }
      const button = document.createElement('button');
      button.type = 'button';
      button.setAttribute('aria-label', messages.close);
      button.textContent = '×';
      button.addEventListener('click', () => {
        note.replaceChildren();
        place.querySelector('[contenteditable], input:not([type=hidden]), textarea')?.focus();
      });
      note.replaceChildren(list, button);
    }, 50);
  }

  /* The rich text editor */

  function handlePastedText(text, html, editorState, { setEditorState, getEditorState }) {
    if (!html) {
      if (!isMistaken(text, editorState)) return 'not-handled';
      setEditorState(insert(editorState, { blocks: text.split(/\r\n|\r|\n/).map(makeParagraph), entityMap: {} }));
      return 'handled';
    }
    const { raw, leftOut } = readFor(html, this.allowed);
    const place = target?.closest('[data-draftail-editor-wrapper]');
    if (place) tell(place, leftOut);
    if (raw.blocks.length) setEditorState(insert(editorState || getEditorState(), raw));
    return 'handled';
  }

  /** Draft.js's plugins are told here that they are in use; the server's part of this one has the words. */
  function initialize() {
    messages = this.messages;
  }

  window.draftail.registerPlugin({ type: 'CAREFUL_PASTE', initialize, handlePastedText }, 'plugins');

  /* Fields of plain text */

  /** Whether the plain text on the clipboard has words that are gone, or glues what was apart. */
  function isChanged({ blocks, leftOut, isRewritten }) {
    const kinds = ['struck', 'hidden', 'comments', 'controls', 'tables'];
    return isRewritten || kinds.some((kind) => leftOut[kind])
      || blocks.some((block) => block.runs.some((run) => Object.keys(LEVELS).some((style) => run.styles.has(style))));
  }

  function handlePlainPaste(event) {
    const field = event.target;
    const html = event.clipboardData?.getData('text/html');
    if (!html || !field.matches?.('input[type=text], input:not([type]), textarea') || !field.closest('[data-field]')) {
      return;
    }
    const paste = readPaste(html);
    if (!isChanged(paste)) return;
    event.preventDefault();
    const none = new Set();
    const lines = paste.blocks.map((block) => block.runs.map((run) => writeRun(run, none)).join(''));
    const isLine = field.tagName === 'INPUT';
    const text = lines.join('\n');
    // The only way in that the browser's own undo knows.
    document.execCommand('insertText', false, isLine ? text.replace(/\s*\n\s*/g, ' ') : text);
    tell(field.closest('[data-field]'), paste.leftOut);
  }

  document.addEventListener('paste', (event) => {
    target = event.target instanceof Element ? event.target : event.target?.parentElement;
    handlePlainPaste(event);
  }, true);

  Object.assign(window.treatmentPaste, { readFor });
})();
