package dev.rookery.protocol.console;

import dev.rookery.base.Refused;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.stream.Stream;

/**
 * The selected rows of a list, at most {@value #ROWS_MAX}: those that are ticked, or all that the
 * page shows. An action on them is confirmed with their number and a reason, and runs within the
 * request, one row after the other; what was refused is listed with its reason, and the rest is
 * done. More rows are for a job.
 */
final class Selection {
  private static final int ROWS_MAX = 100;

  private final ConsoleRequest request;
  private final String back;
  private final List<Long> ids;

  private Selection(ConsoleRequest request, String back, List<Long> ids) {
    this.request = request;
    this.back = back;
    this.ids = ids;
  }

  /**
   * @param fallback the list, if the form does not say where it was
   */
  static Selection of(ConsoleRequest request, String fallback) {
    Stream<String> here = Arrays.stream(request.field("here").split(","));
    List<Long> ids =
        Stream.concat(request.fields().getAll("id").stream(), here)
            .distinct()
            .flatMap(id -> Stream.ofNullable(SearchQuery.parse(id)))
            .limit(ROWS_MAX + 1L)
            .toList();
    return new Selection(request, request.back(fallback), ids);
  }

  /**
   * Asks for confirmation and carries out the action.
   *
   * @param verb capitalized, such as {@code End}
   * @param things in the plural, such as {@code sessions}
   * @param done the code of the message when all is done
   */
  Future<ConsoleView> apply(
      String verb, String things, String consequence, String done, LongFunction<Future<?>> action) {
    if (ids.isEmpty()) {
      return refused(
          "nothing_selected",
          "Nothing is selected",
          "No row was selected, so nothing was changed.",
          "Go back and tick the rows.");
    }
    if (ids.size() > ROWS_MAX) {
      return refused(
          "too_many_selected",
          "Too many rows are selected",
          "More than " + ROWS_MAX + " rows were selected, so nothing was changed.",
          "Use the action for all that match, which is a job.");
    }
    String count = Integer.toString(ids.size());
    String named = count + " " + things;
    return Confirmation.level2(verb + " " + named + "?", consequence, verb + " " + named, count)
        .ask(request, back, () -> run(things, done, action));
  }

  private static Future<ConsoleView> refused(
      String code, String title, String lead, String advice) {
    return Future.succeededFuture(
        new ConsoleView.Render(
            422,
            "error",
            title,
            Map.of("problem", new ConsoleProblem(422, title, lead, advice, code, List.of()))));
  }

  private Future<ConsoleView> run(String things, String done, LongFunction<Future<?>> action) {
    var problems = new ArrayList<String>();
    Future<Void> all = Future.succeededFuture();
    for (long id : ids) {
      all = all.compose(_ -> one(id, action, problems));
    }
    return all.map(
        _ ->
            problems.isEmpty()
                ? ConsoleView.done(back, done)
                : new ConsoleView.Render(
                    409,
                    "error",
                    "Not all was done",
                    Map.of(
                        "problem",
                        new ConsoleProblem(
                            409,
                            "Not all was done",
                            (ids.size() - problems.size())
                                + " of "
                                + ids.size()
                                + " "
                                + things
                                + " are done. These were refused:",
                            "Reload the list to see how things are now.",
                            "partly_done",
                            List.copyOf(problems)))));
  }

  private static Future<Void> one(long id, LongFunction<Future<?>> action, List<String> problems) {
    return action
        .apply(id)
        .<Void>mapEmpty()
        .recover(
            failure -> {
              if (failure instanceof Refused refused) {
                ConsoleProblem problem = ConsoleProblem.of(refused.refusal());
                problems.add(id + ": " + problem.lead() + " (" + problem.code() + ")");
                return Future.succeededFuture();
              }
              return Future.failedFuture(failure);
            });
  }
}
