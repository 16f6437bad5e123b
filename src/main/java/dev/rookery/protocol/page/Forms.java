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
  record Wrong(int status, String sentence, Map<String, List<String>> fields) {
    static final Wrong NOTHING = new Wrong(200, "", Map.of());

    /** For the page that shows it. */
    Map<String, Object> into(Map<String, Object> model) {
      var all = new HashMap<>(model);
      all.put("errors", fields);
      all.put("wrong", sentence);
      return all;
    }

    /** A field under another name, where a page has two of that one. */
    Wrong renamed(String field, String as) {
      var named = new HashMap<>(fields);
      List<String> sentences = named.remove(field);
      if (sentences != null) {
        named.put(as, sentences);
      }
      return new Wrong(status, sentence, named);
    }
  }

  static Answer.Show show(String template, Map<String, Object> model, Wrong wrong) {
    return new Answer.Show(wrong.status(), template, wrong.into(model));
  }

  /** What was asked for is done, or the page is shown again. */
  static Future<Answer> done(
      Future<? extends Answer> asked, Function<Wrong, Future<Answer>> again) {
    return asked.<Answer>map(answer -> answer).recover(no -> again(no, again));
  }

  private static Future<Answer> again(Throwable no, Function<Wrong, Future<Answer>> again) {
    if (!(no instanceof Refused refused)) {
      return Future.failedFuture(no);
    }
    Refusal refusal = refused.refusal();
    Map<String, List<String>> fields = refusal instanceof Invalid(_, var named) ? named : Map.of();
    return again.apply(new Wrong(Sentences.status(refusal), Sentences.wrong(refusal), fields));
  }
}
