package dev.rookery.protocol.page;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refusal.Invalid;
import dev.rookery.base.Refused;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A form that was refused is shown again, with what is wrong at its fields. */
final class Forms {
  private Forms() {}

  /** What is wrong with a form, if anything. */
  record FormErrors(int status, String message, Map<String, List<String>> fields) {
    static final FormErrors NONE = new FormErrors(200, "", Map.of());

    /** For the page that shows it. */
    Map<String, Object> addTo(Map<String, Object> model) {
      var all = new HashMap<>(model);
      all.put("errors", fields);
      all.put("wrong", message);
      return all;
    }

    /** A field under another name, where a page has two of that one. */
    FormErrors renameField(String field, String as) {
      var named = new HashMap<>(fields);
      List<String> sentences = named.remove(field);
      if (sentences != null) {
        named.put(as, sentences);
      }
      return new FormErrors(status, message, named);
    }
  }

  static PageResponse.Render render(String template, Map<String, Object> model, FormErrors wrong) {
    return new PageResponse.Render(wrong.status(), template, wrong.addTo(model));
  }

  /** What was asked for is done, or the page is shown again. */
  static Future<PageResponse> submit(
      Future<? extends PageResponse> asked, Function<FormErrors, Future<PageResponse>> again) {
    return asked.<PageResponse>map(answer -> answer).recover(no -> renderAgain(no, again));
  }

  private static Future<PageResponse> renderAgain(
      Throwable no, Function<FormErrors, Future<PageResponse>> again) {
    if (!(no instanceof Refused refused)) {
      return Future.failedFuture(no);
    }
    Refusal refusal = refused.refusal();
    Map<String, List<String>> fields = refusal instanceof Invalid(_, var named) ? named : Map.of();
    return again.apply(new FormErrors(Messages.status(refusal), Messages.failure(refusal), fields));
  }
}
