package dev.rookery.protocol.page;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refusal.Invalid;
import dev.rookery.base.Refused;
import dev.rookery.translation.Message;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Renders a refused form again, with the errors at its fields. */
final class Forms {
  private Forms() {}

  /**
   * The errors of a form.
   *
   * @param message an error of the whole form; empty if none
   * @param fields the errors of single fields
   */
  record FormErrors(int status, Message message, Map<String, List<Message>> fields) {
    static final FormErrors NONE = new FormErrors(200, Message.NONE, Map.of());

    /** Adds the errors to the model of a template. */
    Map<String, Object> addTo(Map<String, Object> model) {
      var all = new HashMap<>(model);
      all.put("errors", fields);
      all.put("error", message);
      return all;
    }

    /** Renames a field, for a page that has two fields of that name. */
    FormErrors renameField(String field, String as) {
      var renamed = new HashMap<>(fields);
      List<Message> messages = renamed.remove(field);
      if (messages != null) {
        renamed.put(as, messages);
      }
      return new FormErrors(status, message, renamed);
    }
  }

  static PageResponse.Render render(String template, Map<String, Object> model, FormErrors errors) {
    return new PageResponse.Render(errors.status(), template, errors.addTo(model));
  }

  /** As {@link #render}, for a template with scripts. */
  static PageResponse.Scripted renderScripted(
      String template, Map<String, Object> model, FormErrors errors) {
    return new PageResponse.Scripted(errors.status(), template, errors.addTo(model));
  }

  /**
   * Completes with the answer of the command, or renders the form again if the command is refused.
   */
  static Future<PageResponse> submit(
      Future<? extends PageResponse> response, Function<FormErrors, Future<PageResponse>> again) {
    return response
        .<PageResponse>map(answer -> answer)
        .recover(failure -> renderAgain(failure, again));
  }

  private static Future<PageResponse> renderAgain(
      Throwable failure, Function<FormErrors, Future<PageResponse>> again) {
    if (!(failure instanceof Refused refused)) {
      return Future.failedFuture(failure);
    }
    return again.apply(errors(refused.refusal()));
  }

  /** The errors of a form that was refused. */
  static FormErrors errors(Refusal refusal) {
    Map<String, List<Message>> fields =
        refusal instanceof Invalid(_, var invalid) ? FieldMessages.of(invalid) : Map.of();
    return new FormErrors(Messages.status(refusal), Messages.failure(refusal), fields);
  }
}
