package dev.rookery.chat;

import dev.rookery.base.FieldErrors;
import dev.rookery.base.Refused;
import dev.rookery.base.Revisions;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.cluster.NodeCalls;
import dev.rookery.cluster.RowFollower;
import dev.rookery.store.Database;
import dev.rookery.store.IdempotentCommand;
import dev.rookery.store.Transaction;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Serves {@link FilterCommand} on virtual threads, and keeps the filter of this node as the rules
 * are in the database. A change is answered when the other nodes follow it too, as {@link
 * RowFollower} says. A node deploys exactly one instance.
 */
public final class FilterVerticle extends VerticleBase {
  private final Bus bus;
  private final NodeCalls calls;
  private final MeterRegistry meters;
  private final Database database;
  private final ChatFilters filters;
  private final FilterStore store = new FilterStore();
  private long seenChanges = -1;

  @SuppressWarnings("NullAway.Init")
  private RowFollower rows;

  public FilterVerticle(
      Bus bus, NodeCalls calls, Database database, ChatFilters filters, MeterRegistry meters) {
    this.bus = bus;
    this.calls = calls;
    this.meters = meters;
    this.database = database;
    this.filters = filters;
  }

  @Override
  public Future<?> start() {
    rows = new RowFollower(vertx, calls, meters, "chat filter", this::follow);
    return Future.all(
        // Awaited: a message that comes first must not pass by the rules.
        rows.startWithReading(), bus.<FilterCommand<?>>serve(FilterCommand.ADDRESS, this::handle));
  }

  @Override
  public Future<?> stop() {
    rows.close();
    return Future.succeededFuture();
  }

  /** Reads the rules again if there was a change since they were read. */
  private void follow() {
    long changes = store.changes(database);
    if (changes != seenChanges) {
      filters.replace(new ChatFilter(store.all(database)));
      seenChanges = changes;
    }
  }

  private Object handle(FilterCommand<?> command) {
    return switch (command) {
      case FilterCommand.ListRules() -> store.all(database);
      case FilterCommand.FindRule(var id) ->
          store.find(database, id).orElseThrow(FilterVerticle::notFound);
      case FilterCommand.CreateRule create -> create(create);
      case FilterCommand.UpdateRule update -> update(update);
      case FilterCommand.DeleteRule(var id) -> delete(id);
      case FilterCommand.TestText(var kind, var text) ->
          new ChatFilter(store.all(database)).tryOn(kind, text);
    };
  }

  private static Refused notFound() {
    return Refused.missing("rule_not_found");
  }

  private FilterRule create(FilterCommand.CreateRule create) {
    check(create.pattern());
    var idempotent =
        IdempotentCommand.of(create.admin(), create.idempotencyKey(), "chat_filter.create");
    return change(
        tx -> IdempotentCommand.once(tx, idempotent, FilterRule.class, () -> create(tx, create)));
  }

  private FilterRule create(Transaction tx, FilterCommand.CreateRule create) {
    if (store.all(tx).size() >= FilterCommand.RULES_MAX) {
      throw Refused.conflict("too_many_rules");
    }
    FilterRule created = store.insert(tx, create);
    mustHaveRoom(store.all(tx));
    return created;
  }

  private FilterRule update(FilterCommand.UpdateRule update) {
    check(update.pattern());
    return change(
        tx -> {
          FilterRule before = store.find(tx, update.id()).orElseThrow(FilterVerticle::notFound);
          Revisions.mustBe(update.revision(), before.updatedMs());
          FilterRule updated = store.update(tx, before, update);
          mustHaveRoom(store.all(tx));
          return updated;
        });
  }

  private static void mustHaveRoom(List<FilterRule> all) {
    Map<Boolean, List<String>> patterns =
        all.stream()
            .map(FilterRule::pattern)
            .collect(Collectors.partitioningBy(ExpressionPattern::isExpression));
    List<String> words = Objects.requireNonNull(patterns.get(false));
    long wildcards = words.stream().filter(one -> WordPattern.of(one).hasWildcard()).count();
    if (wildcards > FilterCommand.WILDCARDS_MAX) {
      throw Refused.conflict("too_many_wildcards");
    }
    List<String> expressions = Objects.requireNonNull(patterns.get(true));
    int sizes = expressions.stream().mapToInt(one -> ExpressionPattern.of(one).size()).sum();
    if (expressions.size() > FilterCommand.EXPRESSIONS_MAX
        || sizes > FilterCommand.EXPRESSION_SIZES_MAX) {
      throw Refused.conflict("too_many_expressions");
    }
  }

  private static void check(String pattern) {
    String problem =
        ExpressionPattern.isExpression(pattern)
            ? ExpressionPattern.problem(pattern)
            : WordPattern.problem(pattern);
    if (problem != null) {
      new FieldErrors().add("pattern", problem).refuse();
    }
  }

  private Done delete(long id) {
    return change(
        tx -> {
          if (!store.delete(tx, id)) {
            throw notFound();
          }
          return Done.DONE;
        });
  }

  private <T> T change(Function<Transaction, T> change) {
    T changed =
        database.write(
            tx -> {
              store.countChange(tx);
              return change.apply(tx);
            });
    rows.followOnAllNodes();
    return changed;
  }
}
