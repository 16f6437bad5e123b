package dev.rookery.protocol.console;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.Revisions;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A form that changes a thing with a revision. It carries what was read; if somebody else has saved
 * meanwhile, nothing is overwritten: a page shows what was read, what is saved now and what was
 * typed, and lets choose by field. A refused form is shown again with the errors at its fields.
 */
final class EditForm {
  /** What the choice in the conflict page means. */
  private static final String KEEP_THEIRS = "theirs";

  /** Marks a request whose form was read a second time after a lost race. */
  private static final String READ_AGAIN = EditForm.class.getName();

  private final ConsoleRequest request;
  private final String revision;
  private final List<FormView.Field> fields;
  private final Map<String, String> values = new HashMap<>();

  /**
   * @param revision of the thing now; empty for a new thing
   * @param fields with the values of the thing now
   */
  EditForm(ConsoleRequest request, String revision, List<FormView.Field> fields) {
    this.request = request;
    this.revision = revision;
    this.fields = List.copyOf(fields);
    fields.forEach(field -> values.put(field.name(), typed(field)));
  }

  private String typed(FormView.Field field) {
    String name = field.name();
    String kept = request.field("_keep." + name);
    if (!kept.isEmpty()) {
      return lines(request.field((kept.equals(KEEP_THEIRS) ? "_theirs." : "_mine.") + name));
    }
    if (field.type().equals("checkbox")) {
      return request.field("_has." + name).isEmpty()
          ? field.value()
          : Boolean.toString(request.field(name).equals("true"));
    }
    return request.fields().contains(name) ? lines(request.field(name)) : field.value();
  }

  /** Browsers send line ends as CR LF. */
  private static String lines(String text) {
    return text.replace("\r\n", "\n");
  }

  String revision() {
    return revision;
  }

  /** Returns the revision for the command that saves the form, which refuses any other one. */
  Long expected() {
    return Long.valueOf(revision);
  }

  /** Whether somebody else has saved since the form was read. */
  boolean isStale() {
    String read = request.field("_revision");
    return !revision.isEmpty() && !read.isEmpty() && !read.equals(revision);
  }

  String value(String name) {
    return values.getOrDefault(name, "");
  }

  /** Returns the value; null if it was not changed by this form. */
  @Nullable String changed(String name) {
    return value(name).equals(read(name)) ? null : value(name);
  }

  private String read(String name) {
    String field = "_read." + name;
    return request.fields().contains(field) ? lines(request.field(field)) : current(name);
  }

  private String current(String name) {
    return fields.stream()
        .filter(field -> field.name().equals(name))
        .map(FormView.Field::value)
        .findFirst()
        .orElse("");
  }

  boolean flag(String name) {
    return value(name).equals("true");
  }

  /** Returns a number; null if the field is blank. */
  @Nullable Long number(String name) {
    String value = value(name).strip();
    if (value.isEmpty()) {
      return null;
    }
    Long number = SearchQuery.parse(value);
    if (number == null) {
      throw Refused.invalid(name, "is not a number");
    }
    return number;
  }

  @Nullable Integer integer(String name) {
    Long number = number(name);
    if (number != null && number != number.intValue()) {
      throw Refused.invalid(name, "is too large");
    }
    return number == null ? null : number.intValue();
  }

  /** Returns a JSON object; empty if the field is blank. */
  Map<String, Object> object(String name) {
    String value = value(name).strip();
    if (value.isEmpty()) {
      return Map.of();
    }
    try {
      return new JsonObject(value).getMap();
    } catch (DecodeException | ClassCastException broken) {
      String message = String.valueOf(broken.getMessage());
      int end = message.indexOf('\n');
      throw Refused.invalid(
          name, "is not a JSON object: " + (end < 0 ? message : message.substring(0, end)));
    }
  }

  /**
   * Saves the form, or shows the conflict, or shows the form again with its errors.
   *
   * @param page renders the page with this form
   * @param save saves it; called if there is no conflict
   */
  Future<ConsoleView> submit(
      FormView form,
      Function<FormView, ConsoleView> page,
      Function<EditForm, Future<ConsoleView>> save) {
    return submit(form, page, save, null);
  }

  /**
   * As {@link #submit(FormView, Function, Function)}, of a command that refuses a revision that is
   * no longer the one of the thing.
   *
   * @param again serves the request once more, from reading the thing, if another save came between
   *     reading and saving; null if the command compares no revisions
   */
  Future<ConsoleView> submit(
      FormView form,
      Function<FormView, ConsoleView> page,
      Function<EditForm, Future<ConsoleView>> save,
      @Nullable Supplier<Future<ConsoleView>> again) {
    if (isStale()) {
      return Future.succeededFuture(conflict(form));
    }
    Future<ConsoleView> saved;
    try {
      saved = save.apply(this);
    } catch (Refused refused) {
      saved = Future.failedFuture(refused);
    }
    return saved.recover(
        failure -> {
          if (!(failure instanceof Refused refused) || !isAboutForm(refused.refusal())) {
            return Future.failedFuture(failure);
          }
          if (again != null
              && Revisions.isConflict(refused.refusal())
              && request.context().get(READ_AGAIN) == null) {
            request.context().put(READ_AGAIN, true);
            return again.get();
          }
          return Future.succeededFuture(page.apply(refused(form, refused.refusal())));
        });
  }

  private static boolean isAboutForm(Refusal refusal) {
    return refusal instanceof Refusal.Invalid || refusal instanceof Refusal.Conflict;
  }

  /** The form with what was typed, to be shown once more. */
  FormView shown(FormView form) {
    List<FormView.Field> typed =
        fields.stream()
            .map(field -> field.typed(value(field.name()), read(field.name()), List.of()))
            .toList();
    return new FormView(
        form.action(),
        form.revision(),
        typed,
        form.submit(),
        form.level(),
        form.cancel(),
        List.of(),
        form.more());
  }

  private FormView refused(FormView form, Refusal refusal) {
    Map<String, List<String>> errors =
        refusal instanceof Refusal.Invalid(_, var invalid) ? invalid : Map.of();
    List<FormView.Field> typed =
        fields.stream()
            .map(
                field ->
                    field.typed(
                        value(field.name()),
                        read(field.name()),
                        errors.getOrDefault(field.name(), List.of())))
            .toList();
    List<String> lines =
        errors.isEmpty() ? List.of(ConsoleProblem.text(refusal)) : ConsoleProblem.lines(errors);
    return new FormView(
        form.action(),
        form.revision(),
        typed,
        form.submit(),
        form.level(),
        form.cancel(),
        lines,
        form.more());
  }

  /**
   * A field of the conflict page.
   *
   * @param changed whether both changed it
   * @param keepMine which of the two is chosen at first
   */
  record Difference(
      String name,
      String label,
      String read,
      String theirs,
      String mine,
      boolean changed,
      boolean keepMine) {}

  /** What the conflict page shows. */
  record Conflict(
      String action, String back, String read, String theirs, List<Difference> fields) {}

  private ConsoleView conflict(FormView form) {
    var differences = new ArrayList<Difference>();
    for (FormView.Field field : fields) {
      String read = read(field.name());
      String mine = value(field.name());
      boolean mineChanged = !mine.equals(read);
      boolean theirsChanged = !field.value().equals(read);
      differences.add(
          new Difference(
              field.name(),
              field.label(),
              read,
              field.value(),
              mine,
              mineChanged && theirsChanged,
              mineChanged && !theirsChanged));
    }
    return new ConsoleView.Render(
        409,
        "conflict",
        "Somebody else saved meanwhile",
        Map.of(
            "conflict",
            new Conflict(
                form.action(),
                form.cancel(),
                request.field("_revision"),
                revision,
                List.copyOf(differences))));
  }
}
