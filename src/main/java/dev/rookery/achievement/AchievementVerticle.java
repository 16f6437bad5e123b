package dev.rookery.achievement;

import dev.rookery.achievement.AchievementBatch.Task;
import dev.rookery.achievement.AchievementCommand.Fields;
import dev.rookery.achievement.AchievementStore.Pair;
import dev.rookery.base.AchievementId;
import dev.rookery.base.Limits;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.Revisions;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.cache.Caches;
import dev.rookery.cache.ChangeFeed;
import dev.rookery.cache.ReadCache;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.player.Export;
import dev.rookery.player.Players;
import dev.rookery.player.Timeline;
import dev.rookery.store.Batcher;
import dev.rookery.store.Database;
import dev.rookery.store.LongLists;
import dev.rookery.store.Reader;
import dev.rookery.store.StatementException;
import dev.rookery.store.Transaction;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Serves achievements, on virtual threads. The definitions are read often and cached as a whole.
 */
public final class AchievementVerticle extends VerticleBase {
  private static final String ALL = "all";
  private static final long DEFINITION_BYTES = 300;

  private final Bus bus;
  private final Database database;
  private final Players players;
  private final NotificationWriter notifications;
  private final AchievementRules rules;
  private final AchievementStore store = new AchievementStore();
  private final ReadCache<String, List<Achievement>> cache;
  private final ChangeFeed changes;
  private final LongLists longLists;
  private Batcher<Task, PlayerAchievement> batcher;

  @SuppressWarnings("NullAway.Init") // at the start
  public AchievementVerticle(
      Bus bus,
      Database database,
      Players players,
      NotificationWriter notifications,
      Limits limits,
      Caches caches,
      ChangeFeed changes,
      LongLists longLists) {
    this.bus = bus;
    this.database = database;
    this.players = players;
    this.notifications = notifications;
    this.rules = new AchievementRules(limits);
    this.changes = changes;
    this.longLists = longLists;
    this.cache = caches.cache("achievements", AchievementVerticle::bytes, null);
  }

  @Override
  public Future<?> start() {
    cache.follow(changes, AchievementEvent.DEFINITIONS, _ -> null);
    batcher =
        new Batcher<>(
            context,
            database,
            "achievement",
            Task::player,
            AchievementBatch.RETRY.refusal(),
            (tasks, _) ->
                database.write(
                    tx ->
                        new AchievementBatch(tx, store, players, notifications, tasks).carryOut()));
    var exports = new ExportStore();
    return Future.all(
        bus.<AchievementCommand<?>>serve(AchievementCommand.ADDRESS, this::handle),
        bus.<Export>serve(
            Export.address("achievements"), export -> exports.achievements(database, export)),
        bus.<Timeline>serve(
            Timeline.address("achievements"), asked -> exports.timeline(database, asked)));
  }

  private Object handle(AchievementCommand<?> command) {
    return switch (command) {
      case AchievementCommand.ListAll(var viewer, var page) -> list(viewer, page);
      case AchievementCommand.Find(var slug, var viewer) -> find(slug, viewer);
      case AchievementCommand.ListUnlocked(var player, var page) -> unlocked(player, page);
      case AchievementCommand.ListDefinitions(var page) -> page(definitions(), page, statistics());
      case AchievementCommand.FindDefinition(var achievement) ->
          statistics()
              .apply(store.find(database, achievement).orElseThrow(AchievementVerticle::notFound));
      case AchievementCommand.Create(var fields) -> create(fields);
      case AchievementCommand.Update update -> update(update);
      case AchievementCommand.Delete(var achievement) -> delete(achievement);
      case AchievementCommand.Unlock unlock -> batcher.ask(Task.of(unlock));
      case AchievementCommand.Increment increment -> increment(increment);
      case AchievementCommand.Revoke(var player, var achievement) -> revoke(player, achievement);
      case AchievementCommand.Forget(var player) -> forget(player);
    };
  }

  // Read.

  /** All definitions, by sort order and title. */
  private List<Achievement> definitions() {
    return cache.get(ALL, () -> store.all(database));
  }

  private static long bytes(List<Achievement> definitions) {
    return definitions.stream()
        .mapToLong(
            one ->
                DEFINITION_BYTES
                    + 2L * (one.title().length() + one.description().length())
                    + 4L * one.metadata().toString().length())
        .sum();
  }

  private Page<AchievementStatus> list(@Nullable PlayerId viewer, Page.Request page) {
    Map<AchievementId, PlayerAchievement> own =
        viewer == null ? Map.of() : store.ofPlayer(database, viewer);
    return page(
        definitions(),
        page,
        achievement -> AchievementRules.status(achievement, own.get(achievement.id())));
  }

  private static <T> Page<T> page(
      List<Achievement> all, Page.Request page, Function<Achievement, T> view) {
    List<T> items =
        all.stream()
            .skip(page.offset())
            .limit(Math.min(page.size(), AchievementCommand.PAGE_MAX))
            .map(view)
            .toList();
    return new Page<>(items, page.number(), page.size(), all.size());
  }

  private AchievementStatus find(String slug, @Nullable PlayerId viewer) {
    Achievement achievement =
        definitions().stream()
            .filter(one -> one.slug().equals(slug))
            .findAny()
            .orElseThrow(AchievementVerticle::notFound);
    AchievementStatus status =
        AchievementRules.status(
            achievement,
            viewer == null
                ? null
                : store.ofPlayer(database, viewer, achievement.id()).orElse(null));
    if (achievement.hidden() && status.unlockedMs() == null) {
      throw notFound();
    }
    return status;
  }

  private Page<AchievementStatus> unlocked(PlayerId player, Page.Request page) {
    long total = store.unlockedCount(database, player);
    List<PlayerAchievement> found =
        total <= page.offset()
            ? List.of()
            : store.unlocked(database, player, page, AchievementCommand.PAGE_MAX);
    Map<AchievementId, Achievement> byId =
        definitions().stream().collect(Collectors.toMap(Achievement::id, one -> one));
    // A definition that was deleted a moment ago is left out.
    List<AchievementStatus> items =
        found.stream()
            .flatMap(
                own ->
                    Stream.ofNullable(byId.get(own.achievement()))
                        .map(achievement -> AchievementRules.status(achievement, own)))
            .toList();
    return new Page<>(items, page.number(), page.size(), total);
  }

  private Function<Achievement, AchievementStatistics> statistics() {
    Map<AchievementId, Long> counts = store.unlockedCounts(database);
    long all = players(database);
    return achievement -> {
      long unlocked = counts.getOrDefault(achievement.id(), 0L);
      return new AchievementStatistics(
          achievement, unlocked, Math.min(100, 100.0 * unlocked / all));
    };
  }

  private long players(Reader reader) {
    return Math.max(1, longLists.count(reader, "players", AchievementStore.PLAYERS));
  }

  // Definitions.

  private AchievementStatistics create(Fields fields) {
    rules.mustBeComplete(fields);
    return define(
        tx -> {
          if (store.count(tx) >= AchievementStore.DEFINITIONS_MAX) {
            throw Refused.conflict("too_many_achievements");
          }
          AchievementId id = store.insert(tx, fields).orElseThrow(AchievementVerticle::taken);
          return defined(tx, id, 0);
        });
  }

  private AchievementStatistics update(AchievementCommand.Update update) {
    AchievementId id = update.achievement();
    rules.mustBeValid(update.fields());
    try {
      return define(
          tx -> {
            Achievement found = store.lock(tx, id).orElseThrow(AchievementVerticle::notFound);
            Revisions.mustBe(update.revision(), found.updatedMs());
            store.update(
                tx,
                merged(
                    found,
                    update.fields(),
                    Revisions.next(found.updatedMs(), tx.now().toEpochMilli())));
            return defined(tx, id, store.unlockedCounts(tx).getOrDefault(id, 0L));
          });
    } catch (StatementException failed) {
      if (failed.isDuplicate()) {
        throw taken();
      }
      throw failed;
    }
  }

  private static Achievement merged(Achievement found, Fields fields, long updatedMs) {
    return new Achievement(
        found.id(),
        fields.slug() == null ? found.slug() : fields.slug(),
        fields.title() == null ? found.title() : fields.title(),
        fields.description() == null ? found.description() : fields.description(),
        fields.iconUrl() == null ? found.iconUrl() : fields.iconUrl(),
        fields.sortOrder() == null ? found.sortOrder() : fields.sortOrder(),
        fields.hidden() == null ? found.hidden() : fields.hidden(),
        fields.progressTarget() == null ? found.progressTarget() : fields.progressTarget(),
        fields.metadata() == null ? found.metadata() : fields.metadata(),
        found.createdMs(),
        updatedMs);
  }

  private AchievementStatistics defined(Transaction tx, AchievementId id, long unlocked) {
    tx.append(AchievementEvent.DEFINITIONS, new AchievementEvent.Defined(id));
    Achievement achievement = store.find(tx, id).orElseThrow(AchievementVerticle::notFound);
    double percent = 100.0 * unlocked / players(tx);
    return new AchievementStatistics(achievement, unlocked, Math.min(100, percent));
  }

  /** Changes definitions; the cached ones are dropped before the change is acknowledged. */
  private <T> T define(Function<Transaction, T> change) {
    try {
      return database.write(change);
    } finally {
      cache.invalidate(ALL);
    }
  }

  private Done delete(AchievementId id) {
    return define(
        tx -> {
          if (!store.delete(tx, id)) {
            throw notFound();
          }
          tx.append(AchievementEvent.DEFINITIONS, new AchievementEvent.Defined(id));
          return Done.DONE;
        });
  }

  // Progress.

  private PlayerAchievement increment(AchievementCommand.Increment increment) {
    if (increment.amount() < 1) {
      throw Refused.invalid("amount", "must be greater than 0");
    }
    return batcher.ask(Task.of(increment));
  }

  private Done revoke(PlayerId player, AchievementId achievement) {
    return database.write(
        tx -> {
          players.lockRows(tx, Set.of(player));
          PlayerAchievement removed =
              store
                  .deleteProgress(tx, player, achievement)
                  .orElseThrow(AchievementVerticle::notFound);
          uncount(tx, List.of(removed));
          return Done.DONE;
        });
  }

  private Done forget(PlayerId player) {
    return database.write(
        tx -> {
          players.lockRows(tx, Set.of(player));
          uncount(tx, store.forget(tx, player));
          return Done.DONE;
        });
  }

  private void uncount(Transaction tx, List<PlayerAchievement> removed) {
    store.addUnlocked(
        tx, removed.stream().filter(one -> one.unlockedMs() != null).map(Pair::of).toList(), -1);
  }

  private static Refused notFound() {
    return Refused.missing("not_found");
  }

  private static Refused taken() {
    return Refused.invalid("slug", "has already been taken");
  }
}
