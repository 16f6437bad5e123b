package dev.rookery.protocol.console;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A form with files. A file cannot be carried over to a question, so the form itself asks what a
 * confirmation of level 2 asks: the name is typed again, and a reason is given.
 */
final class UploadForm {
  private static final String TYPED = "_typed";
  private static final String REASON = "_reason";

  private UploadForm() {}

  /**
   * Returns the form.
   *
   * @param fields of the upload
   * @param named what is typed again: {@code the name of the extension}
   */
  static FormView of(
      String action, List<FormView.Field> fields, String named, String submit, String cancel) {
    var all = new ArrayList<>(fields);
    all.add(FormView.Field.of(TYPED, "Confirm: type " + named, "text", "").needed());
    all.add(FormView.Field.of(REASON, "Reason", "text", "").needed());
    return new FormView(action, "", List.copyOf(all), submit, 0, cancel, List.of());
  }

  static FormView.Field file(String name, String label) {
    return FormView.Field.of(name, label, "file", "");
  }

  /** Returns a file; refuses the form if none was chosen. */
  static byte[] require(ConsoleRequest request, String name) {
    byte[] file = request.file(name);
    if (file == null) {
      throw Refused.invalid(name, "was not chosen");
    }
    return file;
  }

  /**
   * Carries out the upload if it is confirmed; shows the form again if anything is wrong with it.
   *
   * @param typed what must have been typed
   * @param page renders the page with this form
   */
  static Future<ConsoleView> submit(
      ConsoleRequest request,
      FormView form,
      String typed,
      Function<FormView, ConsoleView> page,
      Supplier<Future<ConsoleView>> upload) {
    Future<ConsoleView> uploaded;
    try {
      if (typed.isEmpty() || !request.field(TYPED).strip().equals(typed)) {
        throw Refused.invalid(TYPED, "does not match");
      }
      if (request.field(REASON).isBlank()) {
        throw Refused.invalid(REASON, "can't be blank");
      }
      uploaded = upload.get();
    } catch (Refused refused) {
      uploaded = Future.failedFuture(refused);
    }
    return uploaded.recover(
        failure ->
            failure instanceof Refused refused && isAboutForm(refused.refusal())
                ? Future.succeededFuture(page.apply(again(request, form, refused.refusal())))
                : Future.failedFuture(failure));
  }

  private static boolean isAboutForm(Refusal refusal) {
    return switch (refusal) {
      case Refusal.Invalid _, Refusal.Conflict _, Refusal.Denied _ -> true;
      case Refusal.Missing _, Refusal.Limited _, Refusal.Unavailable _ -> false;
    };
  }

  private static FormView again(ConsoleRequest request, FormView form, Refusal refusal) {
    Map<String, List<String>> errors =
        refusal instanceof Refusal.Invalid(_, var invalid) ? invalid : Map.of();
    List<FormView.Field> fields =
        form.fields().stream()
            .map(
                field ->
                    field.typed(
                        field.type().equals("file") ? "" : request.field(field.name()),
                        "",
                        errors.getOrDefault(field.name(), List.of())))
            .toList();
    ConsoleProblem problem = ConsoleProblem.of(refusal);
    List<String> lines = problem.details().isEmpty() ? List.of(problem.lead()) : problem.details();
    return new FormView(
        form.action(), form.revision(), fields, form.submit(), form.level(), form.cancel(), lines);
  }
}
