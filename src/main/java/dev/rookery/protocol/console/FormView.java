package dev.rookery.protocol.console;

import java.util.List;

/**
 * A form as a page shows it.
 *
 * @param revision of the thing when it was read; empty for a new thing
 * @param level of the confirmation
 * @param cancel where to go without sending; empty for no link
 * @param errors one line each; empty if the form was not refused
 * @param more further buttons, each with where it sends the form
 */
record FormView(
    String action,
    String revision,
    List<Field> fields,
    String submit,
    int level,
    String cancel,
    List<String> errors,
    List<Link> more) {
  static final FormView NONE = new FormView("", "", List.of(), "", 0, "", List.of());

  FormView(
      String action,
      String revision,
      List<Field> fields,
      String submit,
      int level,
      String cancel,
      List<String> errors) {
    this(action, revision, fields, submit, level, cancel, errors, List.of());
  }

  /**
   * A field.
   *
   * @param type {@code text}, {@code number}, {@code email}, {@code password}, {@code file}, {@code
   *     textarea}, {@code json}, {@code lua}, {@code checkbox} (value {@code true} or {@code
   *     false}) or {@code select}
   * @param words that the editor of JSON offers to complete
   * @param check the path that says what is wrong with a text of the editor; empty for none
   * @param read what the thing had when the form was made; carried along to see conflicts
   */
  record Field(
      String name,
      String label,
      String type,
      String value,
      String read,
      String hint,
      List<String> errors,
      List<String> options,
      boolean required,
      List<String> words,
      String check) {
    static Field of(String name, String label, String type, String value) {
      return new Field(
          name, label, type, value, value, "", List.of(), List.of(), false, List.of(), "");
    }

    static Field checkbox(String name, String label, boolean value) {
      return of(name, label, "checkbox", Boolean.toString(value));
    }

    static Field select(String name, String label, String value, List<String> options) {
      return new Field(
          name, label, "select", value, value, "", List.of(), options, false, List.of(), "");
    }

    Field hinted(String text) {
      return new Field(
          name, label, type, value, read, text, errors, options, required, words, check);
    }

    Field needed() {
      return new Field(name, label, type, value, read, hint, errors, options, true, words, check);
    }

    Field typed(String newValue, String newRead, List<String> newErrors) {
      return new Field(
          name, label, type, newValue, newRead, hint, newErrors, options, required, words, check);
    }

    /** With what the editor of a text asks and offers. */
    Field edited(String checkPath, List<String> completions) {
      return new Field(
          name, label, type, value, read, hint, errors, options, required, completions, checkPath);
    }
  }

  /** Whether files are sent with it. */
  public boolean isUpload() {
    return fields.stream().anyMatch(field -> field.type().equals("file"));
  }
}
