package dev.rookery.achievement;

import dev.rookery.achievement.AchievementStore.Change;
import dev.rookery.achievement.AchievementStore.Pair;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.notification.NotificationWriter.Draft;
import dev.rookery.player.Players;
import dev.rookery.store.BatchOutcomes;
import dev.rookery.store.Batcher.Outcome;
import dev.rookery.store.IdempotentCommand;
import dev.rookery.store.Transaction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One transaction for the unlocks and increments that waited at the same time: the players are
 * locked by ascending id, each command is decided, and all progress is saved with one statement. A
 * batch has at most one command about each player.
 */
final class AchievementBatch {
  static final Refused RETRY = new Refused(new Refusal.Unavailable("busy"));

  /**
   * A command with its idempotency key.
   *
   * @param amount what is added to the progress; null to unlock
   */
  record Task(
      PlayerId player, String slug, @Nullable Long amount, @Nullable IdempotentCommand idempotent) {
    static Task of(AchievementCommand.Unlock unlock) {
      return new Task(
          unlock.player(),
          unlock.slug(),
          null,
          IdempotentCommand.of(unlock.by(), unlock.idempotencyKey(), "achievement.unlock"));
    }

    static Task of(AchievementCommand.Increment increment) {
      return new Task(
          increment.player(),
          increment.slug(),
          increment.amount(),
          IdempotentCommand.of(
              increment.by(), increment.idempotencyKey(), "achievement.increment"));
    }
  }

  private final Transaction tx;
  private final AchievementStore store;
  private final Players players;
  private final NotificationWriter notifications;
  private final BatchOutcomes<Task, PlayerAchievement> outcomes;
  private final Map<Task, Change> changes = new LinkedHashMap<>();
  private Map<String, Achievement> definitions = Map.of();
  private Map<Pair, PlayerAchievement> before = Map.of();
  private Set<PlayerId> existing = Set.of();

  AchievementBatch(
      Transaction tx,
      AchievementStore store,
      Players players,
      NotificationWriter notifications,
      List<Task> tasks) {
    this.tx = tx;
    this.store = store;
    this.players = players;
    this.notifications = notifications;
    this.outcomes = new BatchOutcomes<>(tasks, Task::idempotent, RETRY);
  }

  List<Outcome<PlayerAchievement>> carryOut() {
    outcomes.answerRepeated(
        tx,
        (answers, task) ->
            answers
                .find(task.idempotent, PlayerAchievement.class)
                .map(progress -> mustBeAbout(task, progress)));
    List<Task> open = outcomes.open();
    if (!open.isEmpty()) {
      lockAndRead(open);
      outcomes.attempt(open, this::decide);
      if (!changes.isEmpty()) {
        write();
      }
      outcomes.remember(tx, open, (_, progress) -> progress);
    }
    return outcomes.all(tx);
  }

  /** Refuses the answer about another player or achievement, whose key has been used again. */
  private PlayerAchievement mustBeAbout(Task task, PlayerAchievement progress) {
    Achievement named = store.bySlugs(tx, Set.of(task.slug)).get(task.slug);
    boolean other = named != null && !named.id().equals(progress.achievement());
    if (other || !progress.player().equals(task.player)) {
      throw IdempotentCommand.reused();
    }
    return progress;
  }

  private void lockAndRead(List<Task> open) {
    existing = players.lockRows(tx, open.stream().map(Task::player).sorted(Players.BY_ID).toList());
    definitions = store.bySlugs(tx, open.stream().map(Task::slug).collect(Collectors.toSet()));
    List<Pair> pairs =
        open.stream().filter(task -> definitions.containsKey(task.slug)).map(this::pair).toList();
    before = pairs.isEmpty() ? Map.of() : store.find(tx, pairs);
  }

  private Achievement definition(Task task) {
    return Objects.requireNonNull(definitions.get(task.slug));
  }

  private Pair pair(Task task) {
    return new Pair(task.player, definition(task).id());
  }

  private void decide(Task task) {
    if (!definitions.containsKey(task.slug)) {
      throw Refused.missing("achievement_not_found");
    }
    if (!existing.contains(task.player)) {
      throw Refused.missing("user_not_found");
    }
    Achievement achievement = definition(task);
    PlayerAchievement own = before.get(pair(task));
    if (own != null && own.unlockedMs() != null) {
      if (task.amount == null) {
        throw Refused.conflict("already_unlocked");
      }
      outcomes.done(task, own);
      return;
    }
    int progress =
        task.amount == null
            ? achievement.progressTarget()
            : AchievementRules.progress(achievement, own, task.amount);
    boolean unlocked = progress >= achievement.progressTarget();
    changes.put(task, new Change(pair(task), progress, unlocked ? tx.now().toEpochMilli() : null));
  }

  private void write() {
    Map<Pair, PlayerAchievement> saved = store.save(tx, changes.values());
    var unlocked = new ArrayList<Pair>();
    var told = new ArrayList<Draft>();
    changes.forEach(
        (task, change) -> {
          PlayerAchievement progress = Objects.requireNonNull(saved.get(change.pair()));
          boolean now = progress.unlockedMs() != null;
          tx.append(
              Topic.player(task.player),
              now
                  ? new AchievementEvent.Unlocked(progress)
                  : new AchievementEvent.Progressed(progress));
          if (now) {
            unlocked.add(change.pair());
            told.add(AchievementNotifications.unlocked(task.player, definition(task)));
          }
          outcomes.done(task, progress);
        });
    store.addUnlocked(tx, unlocked, 1);
    if (!told.isEmpty()) {
      notifications.putAll(tx, told);
    }
  }
}
