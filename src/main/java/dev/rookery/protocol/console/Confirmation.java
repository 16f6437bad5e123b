package dev.rookery.protocol.console;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What is asked before an action. Level 1 asks once, with the consequence in a sentence; level 2
 * has the name or the number typed and wants a reason, which the audit log keeps. A script shows
 * the question in a dialog, without it the question is a page.
 *
 * @param consequence what happens, in a sentence, with names and counts
 * @param verb on the button, such as {@code Kick Ann}
 * @param typed what must be typed; empty on level 1
 * @param preview what will be sent or stored; empty if nothing is shown
 */
record Confirmation(
    int level, String title, String consequence, String verb, String typed, String preview) {
  /**
   * The field with a key of the confirmation: repeated with the same one, nothing is done twice.
   */
  static final String KEY = "_key";

  private static final Set<String> OWN = Set.of("_csrf_token", "_confirmed", "_typed", "_reason");
  private static final int FIELDS_MAX = 300;

  /** A field that is sent again with the answer. */
  record Sent(String name, String value) {}

  /** The question as the template shows it. */
  record Question(
      String title,
      String consequence,
      String preview,
      String verb,
      String typed,
      String reason,
      int level,
      String action,
      String back,
      String problem,
      List<Sent> fields) {}

  static Confirmation level1(String title, String consequence, String verb) {
    return new Confirmation(1, title, consequence, verb, "", "");
  }

  static Confirmation level2(String title, String consequence, String verb, String typed) {
    return new Confirmation(2, title, consequence, verb, typed, "");
  }

  /** The same question, which shows what will be sent. */
  Confirmation withPreview(String text) {
    return new Confirmation(level, title, consequence, verb, typed, text);
  }

  /**
   * Runs the action if the admin has confirmed it, and asks otherwise.
   *
   * @param back where to go without doing it
   */
  Future<ConsoleView> ask(
      ConsoleRequest request, String back, Supplier<Future<ConsoleView>> action) {
    if (!request.field("_confirmed").equals("yes")) {
      return Future.succeededFuture(question(request, back, ""));
    }
    if (level > 1 && !request.field("_typed").strip().equals(typed.strip())) {
      return Future.succeededFuture(
          question(request, back, "What you typed does not match. Nothing was changed."));
    }
    if (level > 1 && request.field("_reason").isBlank()) {
      return Future.succeededFuture(question(request, back, "A reason is required."));
    }
    return action.get();
  }

  /**
   * Makes the change if the admin has confirmed it, and asks otherwise.
   *
   * @param done what is answered after the change
   */
  Future<ConsoleView> ask(
      ConsoleRequest request, String back, ConsoleView done, Supplier<Future<?>> change) {
    return ask(request, back, () -> change.get().map(_ -> done));
  }

  private ConsoleView question(ConsoleRequest request, String back, String problem) {
    var fields = new ArrayList<Sent>();
    for (var field : request.fields()) {
      if (!OWN.contains(field.getKey()) && fields.size() < FIELDS_MAX) {
        fields.add(new Sent(field.getKey(), field.getValue()));
      }
    }
    if (!request.fields().contains(KEY)) {
      fields.add(new Sent(KEY, request.requestId()));
    }
    int status = problem.isEmpty() ? 200 : 422;
    return new ConsoleView.Render(
        status,
        "confirm",
        "Please confirm",
        Map.of(
            "question",
            new Question(
                title,
                consequence,
                preview,
                verb,
                typed,
                request.field("_reason"),
                level,
                request.uri(),
                back,
                problem,
                List.copyOf(fields))));
  }
}
