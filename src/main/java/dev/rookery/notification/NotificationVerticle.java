package dev.rookery.notification;

import dev.rookery.base.FieldErrors;
import dev.rookery.base.NotificationId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.console.Grants;
import dev.rookery.lease.Sweep;
import dev.rookery.lease.SweptTable;
import dev.rookery.player.Export;
import dev.rookery.player.Players;
import dev.rookery.player.Timeline;
import dev.rookery.store.Database;
import dev.rookery.store.IdempotentCommand;
import dev.rookery.store.Transaction;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Serves the commands of notifications, on virtual threads. */
public final class NotificationVerticle extends VerticleBase {
  /** How many of the newest notifications an admin's list is made of. */
  static final int LOOKED_THROUGH_MAX = 10_000;

  /** Among how many of the newest notifications a part of the title is looked for. */
  static final int TITLES_SEARCHED_MAX = 2_500;

  private static final int LISTED_MAX = 1_000;
  private static final Duration SWEEP_EVERY = Duration.ofSeconds(10);

  private final Bus bus;
  private final Database database;
  private final Players players;
  private final NotificationWriter writer;
  private final NotificationSettings settings;
  private final NotificationStore store = new NotificationStore();
  private final MuteStore mutes = new MuteStore();
  private final PersonalMuteStore personalMutes = new PersonalMuteStore();
  private final Grants grants;
  private final AdminStore all = new AdminStore(LOOKED_THROUGH_MAX, TITLES_SEARCHED_MAX);

  public NotificationVerticle(
      Bus bus,
      Database database,
      Players players,
      NotificationWriter writer,
      NotificationSettings settings) {
    this.bus = bus;
    this.database = database;
    this.players = players;
    this.writer = writer;
    this.settings = settings;
    this.grants = new Grants(settings.clock());
  }

  @Override
  public Future<?> start() {
    var sweep =
        new NotificationSweep(database, settings.clock(), settings.keptFor(), settings.storedMax());
    settings
        .scheduler()
        .scheduleSweep(
            Sweep.every(
                SWEEP_EVERY,
                "old notifications",
                SweptTable.aged(
                        "notification",
                        "when it is old, or its player has too many newer ones",
                        "updated_ms",
                        settings.keptFor())
                    .orderedBy(null)
                    .setBy("notifications.keptFor")),
            _ -> sweep.run());
    var exports = new ExportStore();
    return Future.all(
        bus.<NotificationCommand<?>>serve(NotificationCommand.ADDRESS, this::handle),
        bus.<Export>serve(
            Export.address("notifications"), export -> exports.received(database, export)),
        bus.<Export>serve(
            Export.address("notifications_sent"), export -> exports.sent(database, export)),
        bus.<Export>serve(
            Export.address("muted_notifications"), export -> mutes.export(database, export)),
        bus.<Timeline>serve(
            Timeline.address("notifications"), asked -> exports.timeline(database, asked)));
  }

  private Object handle(NotificationCommand<?> command) {
    return switch (command) {
      case NotificationCommand.ListStored(var recipient) ->
          store.list(database, recipient, LISTED_MAX);
      case NotificationCommand.ListPage(var recipient, var page) ->
          store.page(database, recipient, page);
      case NotificationCommand.ListNewest(var recipient, var page) ->
          store.newest(database, recipient, page);
      case NotificationCommand.CountUnread(var recipient) -> store.countUnread(database, recipient);
      case NotificationCommand.MarkRead(var recipient, var notification) ->
          database.write(
              tx ->
                  store
                      .markRead(tx, recipient, notification)
                      .orElseThrow(() -> Refused.missing("not_found")));
      case NotificationCommand.MarkAllRead(var recipient, var upToMs) ->
          database.write(tx -> store.markAllRead(tx, recipient, upToMs));
      case NotificationCommand.DeleteAll(var recipient, var upToMs) ->
          database.write(tx -> store.deleteAll(tx, recipient, upToMs));
      case NotificationCommand.ListMuted(var player) -> mutes.list(database, player);
      case NotificationCommand.Mute(var player, var kinds) -> mute(player, kinds);
      case NotificationCommand.Delete(var recipient, var notifications) ->
          database.write(tx -> store.delete(tx, recipient, notifications));
      case NotificationCommand.ListAfter(var filter, var after, var max) ->
          all.after(database, filter, after, max);
      case NotificationCommand.ListAll(var filter, var page) -> all.list(database, filter, page);
      case NotificationCommand.Create create -> create(create);
      case NotificationCommand.DeleteAny(var notification) -> deleteAny(notification);
      case NotificationCommand.Forget(var player) -> forget(player);
    };
  }

  private Notification create(NotificationCommand.Create create) {
    var limits = settings.limits();
    new FieldErrors()
        .visibleLine("title", create.title(), limits.notificationTitleMax())
        .visibleLines(
            "content",
            create.content().isEmpty() ? null : create.content(),
            limits.notificationContentMax())
        .object("metadata", create.metadata(), limits.metadataBytesMax())
        .refuse();
    var idempotent =
        IdempotentCommand.of(create.admin(), create.idempotencyKey(), "notification.create");
    return database.write(
        tx -> IdempotentCommand.once(tx, idempotent, Notification.class, () -> create(tx, create)));
  }

  private Notification create(Transaction tx, NotificationCommand.Create create) {
    Set<PlayerId> both = Stream.of(create.sender(), create.recipient()).collect(Collectors.toSet());
    if (!players.lockKeys(tx, both).equals(both)) {
      throw Refused.missing("user_not_found");
    }
    grants.requireMayWriteAs(tx, create.sender());
    return writer.put(
        tx,
        create.sender(),
        create.recipient(),
        create.title(),
        create.content(),
        create.metadata());
  }

  private Done deleteAny(NotificationId notification) {
    return database.write(
        tx -> {
          if (!all.delete(tx, notification)) {
            throw Refused.missing("not_found");
          }
          return Done.DONE;
        });
  }

  private Done mute(PlayerId player, List<NotificationKind> kinds) {
    if (!kinds.stream().allMatch(NotificationKind::canBeMuted)) {
      throw Refused.invalid("muted", "cannot be switched off");
    }
    return database.write(
        tx -> {
          if (!players.lockKeys(tx, Set.of(player)).contains(player)) {
            throw Refused.missing("not_found");
          }
          mutes.replace(tx, player, kinds);
          return Done.DONE;
        });
  }

  private Done forget(PlayerId player) {
    while (database.write(tx -> personalMutes.forget(tx, player))) {
      // The next step removes more.
    }
    return database.write(
        tx -> {
          store.forget(tx, player);
          mutes.forget(tx, player);
          return Done.DONE;
        });
  }
}
