/* Glossary terms and citations in the rich text editor. No build step: this file is served as it is. */
(() => {
  const { EditorState, Modifier } = window.DraftJS;
  const { DraftUtils, ModalWorkflowSource, TooltipEntity, registerPlugin } = window.draftail;
  const { createElement } = window.React;

  /** The language of the page or snippet that is being edited, as Wagtail's own choosers use it. */
  function getContentLocale() {
    const element = document.getElementById('wagtail-config');
    return element ? JSON.parse(element.textContent).ACTIVE_CONTENT_LOCALE : undefined;
  }

  /** Opens the chooser of a snippet; subclasses say what the choice does to the text. */
  class SnippetSource extends ModalWorkflowSource {
    getChooserConfig() {
      const { entityType } = this.props;
      const locale = getContentLocale();
      return {
        url: entityType.chooserUrls.snippetChooser,
        urlParams: locale ? { locale } : {},
        onload: window.CHOOSER_MODAL_ONLOAD_HANDLERS,
        responses: { chosen: this.onChosen },
      };
    }

    filterEntityData(data) {
      return { id: data.id, title: data.string, url: data.edit_url };
    }

    /** Where the entity that is being changed lies; for a new one, what is selected. */
    getTarget() {
      const { editorState, entityKey } = this.props;
      return entityKey
        ? DraftUtils.getEntitySelection(editorState, entityKey)
        : editorState.getSelection();
    }

    createEntity(content, data) {
      const { entityType } = this.props;
      const next = content.createEntity(
        entityType.type,
        this.constructor.mutability,
        this.filterEntityData(data),
      );
      return { next, key: next.getLastCreatedEntityKey() };
    }

    onChosen(data) {
      const { editorState, onComplete } = this.props;
      const content = this.change(editorState.getCurrentContent(), data);
      const changed = EditorState.push(editorState, content, 'insert-characters');
      this.workflow.close();
      onComplete(EditorState.forceSelection(changed, content.getSelectionAfter()));
    }
  }

  /** Marks the selected words; where none are selected, writes the term itself. */
  class TermSource extends SnippetSource {
    static mutability = 'MUTABLE';

    change(content, data) {
      const target = this.getTarget();
      const { next, key } = this.createEntity(content, data);
      if (target.isCollapsed()) {
        return Modifier.insertText(next, target, data.term || data.string, null, key);
      }
      const marked = Modifier.applyEntity(next, target, key);
      const end = target.merge({
        anchorKey: target.getEndKey(),
        anchorOffset: target.getEndOffset(),
        focusKey: target.getEndKey(),
        focusOffset: target.getEndOffset(),
        isBackward: false,
      });
      return marked.merge({ selectionAfter: end });
    }
  }

  /** Writes the label of a source behind the selection, whose words are never replaced. */
  class CitationSource extends SnippetSource {
    static mutability = 'IMMUTABLE';

    change(content, data) {
      const target = this.getTarget();
      const label = `[${data.short_label || data.string}]`;
      const { next, key } = this.createEntity(content, data);
      if (this.props.entityKey) {
        return Modifier.replaceText(next, target, label, null, key);
      }
      const end = target.merge({
        anchorKey: target.getEndKey(),
        anchorOffset: target.getEndOffset(),
        focusKey: target.getEndKey(),
        focusOffset: target.getEndOffset(),
        isBackward: false,
      });
      return Modifier.insertText(next, end, label, null, key);
    }
  }

  /** Shows an entity with Wagtail's tooltip: what it stands for, “Edit” and “Remove”. */
  function makeDecorator(name, icon) {
    return (props) => {
      const { title, url } = props.contentState.getEntity(props.entityKey).getData();
      return createElement(
        'span',
        { className: `treatment-entity treatment-entity--${name}`, title },
        createElement(TooltipEntity, { ...props, icon, label: title || '?', url }),
      );
    };
  }

  registerPlugin(
    {
      type: 'GLOSSARY_TERM',
      source: TermSource,
      decorator: makeDecorator('term', '#icon-treatment-glossary'),
    },
    'entityTypes',
  );
  registerPlugin(
    {
      type: 'CITATION',
      source: CitationSource,
      decorator: makeDecorator('citation', '#icon-openquote'),
    },
    'entityTypes',
  );
})();
