package dev.rookery.friend;

import dev.rookery.base.FieldErrors;
import dev.rookery.base.Limits;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.friend.FriendCommand.Notify;
import dev.rookery.friend.FriendStore.Edge;
import dev.rookery.friend.Friendship.State;
import dev.rookery.notification.MutedSenders;
import dev.rookery.notification.Notification;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.notification.NotificationWriter.Draft;
import dev.rookery.player.Players;
import dev.rookery.store.BatchOutcomes;
import dev.rookery.store.Batcher;
import dev.rookery.store.Batcher.Outcome;
import dev.rookery.store.Database;
import dev.rookery.store.IdempotentCommand;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Transaction;
import io.vertx.core.Context;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Sends notifications of players to their friends (Gamend HTTP contract, section 13.2). Those that
 * wait at the same time share a transaction. Both players are locked, so a notification is never
 * stored after the friendship ended, nor beyond the limit of the recipient.
 */
final class NotifyFriend {
  private static final Refused BUSY = new Refused(new Refusal.Unavailable("busy"));

  private final FriendStore store;
  private final Players players;
  private final NotificationWriter notifications;
  private final Limits limits;
  private final MutedSenders mutes = new MutedSenders();
  private final Batcher<Task, Notification> batcher;

  /**
   * @param context of the verticle on virtual threads that serves the commands
   */
  NotifyFriend(
      Context context,
      Database database,
      FriendStore store,
      Players players,
      NotificationWriter notifications,
      Limits limits) {
    this.store = store;
    this.players = players;
    this.notifications = notifications;
    this.limits = limits;
    this.batcher =
        new Batcher<>(
            context,
            database,
            "friend.notify",
            task -> task.command.player(),
            BUSY.refusal(),
            (tasks, _) -> database.write(tx -> carryOut(tx, tasks)));
  }

  Notification notify(Notify notify) {
    if (notify.player().equals(notify.recipient())) {
      throw Refused.conflict("cannot_notify_self");
    }
    var errors =
        new FieldErrors()
            .visibleLine("title", notify.title(), limits.notificationTitleMax())
            .visibleLines(
                "content",
                notify.content().isEmpty() ? null : notify.content(),
                limits.notificationContentMax())
            .object("metadata", notify.metadata(), limits.metadataBytesMax());
    var idempotent =
        IdempotentCommand.of(notify.player(), notify.idempotencyKey(), "friend.notify");
    return batcher.ask(new Task(notify, errors, idempotent));
  }

  private record Task(Notify command, FieldErrors errors, @Nullable IdempotentCommand idempotent) {
    Edge edge() {
      return new Edge(command.player(), command.recipient());
    }

    Draft draft() {
      return new Draft(
          command.player(),
          command.recipient(),
          command.title(),
          command.content(),
          command.metadata());
    }
  }

  private List<Outcome<Notification>> carryOut(Transaction tx, List<Task> tasks) {
    var outcomes = new BatchOutcomes<Task, Notification>(tasks, Task::idempotent, BUSY);
    outcomes.answerRepeated(
        tx, (answers, task) -> answers.find(task.idempotent, Notification.class));
    List<Task> fresh = outcomes.open();
    if (!fresh.isEmpty()) {
      Set<Edge> friends = lockFriends(tx, fresh);
      Map<PlayerId, Long> counts = new HashMap<>(notifications.count(tx, recipients(fresh)));
      Map<PlayerId, Long> muted =
          mutes.among(tx, fresh.stream().map(task -> task.command.player()).toList());
      outcomes.attempt(
          fresh,
          task -> {
            MutedSenders.mustNotBeMuted(muted.get(task.command.player()));
            check(task, friends, counts);
          });
      List<Task> valid = outcomes.open();
      List<Notification> stored =
          notifications.putAll(tx, valid.stream().map(Task::draft).toList());
      for (int i = 0; i < valid.size(); i++) {
        outcomes.done(valid.get(i), stored.get(i).forSender());
      }
      outcomes.remember(tx, valid, (_, notification) -> notification);
    }
    return outcomes.all(tx);
  }

  private static Set<PlayerId> recipients(List<Task> tasks) {
    return tasks.stream().map(task -> task.command.recipient()).collect(Collectors.toSet());
  }

  private void check(Task task, Set<Edge> friends, Map<PlayerId, Long> counts) {
    if (!friends.contains(task.edge()) && !friends.contains(task.edge().reverse())) {
      throw Refused.conflict("not_friends");
    }
    PlayerId recipient = task.command.recipient();
    long count = counts.getOrDefault(recipient, 0L);
    if (count >= limits.notificationsMax()) {
      throw Refused.conflict("too_many_notifications");
    }
    task.errors.refuse();
    counts.put(recipient, count + 1);
  }

  /** The directions of the friendships among those who are to be notified. */
  private Set<Edge> lockFriends(Transaction tx, List<Task> tasks) {
    Set<Edge> edges = tasks.stream().map(Task::edge).collect(Collectors.toSet());
    Placeholders.inParts(FriendStore.players(edges), part -> players.lockRows(tx, part));
    Set<Edge> both = new HashSet<>(edges);
    edges.forEach(edge -> both.add(edge.reverse()));
    Set<Edge> friends = new HashSet<>();
    Placeholders.inParts(
        List.copyOf(both),
        part ->
            store.byEdges(tx, part).stream()
                .filter(one -> one.state() == State.ACCEPTED)
                .forEach(one -> friends.add(Edge.of(one))));
    return friends;
  }
}
