package dev.rookery.notification;

import dev.rookery.base.FieldErrors;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.AuditedChange;
import dev.rookery.console.Grants;
import dev.rookery.lease.Sweep;
import dev.rookery.lease.SweptTable;
import dev.rookery.notification.Broadcast.Audience;
import dev.rookery.notification.Broadcast.State;
import dev.rookery.player.Players;
import dev.rookery.store.Database;
import dev.rookery.store.IdempotentCommand;
import dev.rookery.store.Transaction;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Serves broadcasts, on virtual threads, and sends them where this node holds the job. */
public final class BroadcastVerticle extends VerticleBase {
  private static final Duration RETRY_EVERY = Duration.ofSeconds(1);
  private static final Duration SWEEP_EVERY = Duration.ofHours(1);
  private static final long OPEN_FRESH_MS = 1_000;
  private static final int LISTED_MAX = 1_000;
  private static final long DAY_MS = 86_400_000;
  private static final Pattern LANGUAGE = Pattern.compile("[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}");

  private final Bus bus;
  private final Database database;
  private final Players players;
  private final BroadcastSettings settings;
  private final InstantSource clock;
  private final BroadcastStore store = new BroadcastStore();
  private final Grants grants;
  private final BroadcastRunner runner;
  private volatile Open open = new Open(List.of(), Long.MIN_VALUE);

  public BroadcastVerticle(
      Bus bus,
      Database database,
      Players players,
      NotificationWriter writer,
      BroadcastSettings settings) {
    this.bus = bus;
    this.database = database;
    this.players = players;
    this.settings = settings;
    this.clock = settings.clock();
    this.grants = new Grants(clock);
    this.runner =
        new BroadcastRunner(
            database, players, writer, clock, settings.online(), settings.perSecond());
  }

  /** What {@link BroadcastCommand.ListOpen} answers, and since when. */
  private record Open(List<Broadcast> broadcasts, long readMs) {}

  @Override
  public Future<?> start() {
    settings.scheduler().schedulePaced("broadcasts", RETRY_EVERY, runner::run);
    settings
        .scheduler()
        .scheduleSweep(
            Sweep.every(
                SWEEP_EVERY,
                "ended broadcasts",
                SweptTable.ruled(
                        "broadcast", "when it ended longer ago than notifications are kept")
                    .setBy("notifications.keptFor")),
            _ -> sweep());
    return bus.<BroadcastCommand<?>>serve(BroadcastCommand.ADDRESS, this::handle);
  }

  private Object handle(BroadcastCommand<?> command) {
    return switch (command) {
      case BroadcastCommand.Create create -> create(create);
      case BroadcastCommand.Cancel(var id) -> cancel(id);
      case BroadcastCommand.Find(var id) -> find(id);
      case BroadcastCommand.ListBroadcasts(var before, var max) ->
          store.list(database, before, Math.min(max, LISTED_MAX));
      case BroadcastCommand.ListOpen() -> listOpen();
      case BroadcastCommand.CountRead(var id) ->
          store.countRead(database, id, BroadcastCommand.COUNTED_MAX);
    };
  }

  private Broadcast find(long id) {
    return store.find(database, id).orElseThrow(BroadcastVerticle::notFound);
  }

  private static Refused notFound() {
    return Refused.missing("broadcast_not_found");
  }

  /** Each page of the console asks, so that it is read once a second for all of them. */
  private List<Broadcast> listOpen() {
    Open known = open;
    long now = clock.millis();
    if (now - OPEN_FRESH_MS >= known.readMs || now < known.readMs) {
      known = new Open(store.open(database, Long.MAX_VALUE, BroadcastCommand.OPEN_MAX), now);
      open = known;
    }
    return known.broadcasts;
  }

  private void forgetOpen() {
    open = new Open(List.of(), Long.MIN_VALUE);
  }

  private Broadcast create(BroadcastCommand.Create create) {
    check(create);
    List<Long> recipients = create.recipients().stream().distinct().sorted().toList();
    long total =
        create.audience() == Audience.ALL ? store.countPlayers(database) : recipients.size();
    var idempotent =
        IdempotentCommand.of(create.admin(), create.idempotencyKey(), "broadcast.create");
    Broadcast created =
        database.write(
            tx ->
                IdempotentCommand.once(
                    tx, idempotent, Broadcast.class, () -> create(tx, create, recipients, total)));
    forgetOpen();
    return created;
  }

  private Broadcast create(
      Transaction tx, BroadcastCommand.Create create, List<Long> recipients, long total) {
    if (players.lockKeys(tx, Set.of(create.sender())).isEmpty()) {
      throw Refused.missing("user_not_found");
    }
    grants.requireMayWriteAs(tx, create.sender());
    int max = BroadcastCommand.OPEN_MAX;
    if (store.open(tx, Long.MAX_VALUE, max).size() >= max) {
      throw Refused.conflict("too_many_broadcasts");
    }
    Long given = create.startsMs();
    long startsMs = given == null ? tx.now().toEpochMilli() + create.delayMs() : given;
    long id = store.insert(tx, create, recipients, total, startsMs, AuditedChange.currentKey());
    return store.find(tx, id).orElseThrow();
  }

  private void check(BroadcastCommand.Create create) {
    var limits = settings.limits();
    FieldErrors errors =
        new FieldErrors()
            .visibleLine("title", create.title(), limits.notificationTitleMax())
            .visibleLines("content", blankToNull(create.content()), limits.notificationContentMax())
            .object("metadata", create.metadata(), limits.metadataBytesMax());
    checkRecipients(create, errors);
    checkVariants(create.variants(), errors);
    Long starts = create.startsMs();
    if (starts != null && starts > clock.millis() + BroadcastCommand.DAYS_AHEAD_MAX * DAY_MS) {
      errors.add("starts_at", "must be within " + BroadcastCommand.DAYS_AHEAD_MAX + " days");
    }
    errors.refuse();
  }

  private static void checkRecipients(BroadcastCommand.Create create, FieldErrors errors) {
    int count = create.recipients().size();
    boolean named = create.audience() == Audience.PLAYERS;
    if (named && count == 0) {
      errors.add("recipients", "can't be blank");
    } else if (!named && count > 0) {
      errors.add("recipients", "are only for the audience “players”");
    } else if (count > BroadcastCommand.RECIPIENTS_MAX) {
      errors.add("recipients", "are more than " + BroadcastCommand.RECIPIENTS_MAX);
    }
  }

  private void checkVariants(Map<String, Broadcast.Variant> variants, FieldErrors errors) {
    if (variants.size() > BroadcastCommand.VARIANTS_MAX) {
      errors.add("variants", "are more than " + BroadcastCommand.VARIANTS_MAX);
    }
    var limits = settings.limits();
    variants.forEach(
        (language, variant) -> {
          if (!LANGUAGE.matcher(language).matches()) {
            errors.add("variants", "“" + language + "” is not a language such as de or pt-BR");
          }
          new FieldErrors()
              .visibleLine("title", variant.title(), limits.notificationTitleMax())
              .visibleLines(
                  "content", blankToNull(variant.content()), limits.notificationContentMax())
              .asMap()
              .forEach(
                  (field, problems) ->
                      errors.add(
                          "variants", language + ": " + field + " " + String.join(", ", problems)));
        });
  }

  private static @Nullable String blankToNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private Broadcast cancel(long id) {
    Broadcast cancelled =
        database.write(
            tx -> {
              Broadcast found =
                  store.lock(tx, id).orElseThrow(BroadcastVerticle::notFound).broadcast();
              PlayerId admin = found.admin();
              grants.requireRank(tx, admin);
              if (found.state() == State.OPEN) {
                store.end(tx, id, State.CANCELLED);
              } else if (found.state() != State.CANCELLED) {
                throw Refused.conflict("broadcast_ended");
              }
              return store.find(tx, id).orElseThrow();
            });
    forgetOpen();
    return cancelled;
  }

  private long sweep() {
    long before = clock.instant().minus(settings.keptFor()).toEpochMilli();
    long removed = 0;
    int some;
    do {
      some = database.write(tx -> store.removeEnded(tx, before));
      removed += some;
    } while (some == BroadcastStore.ENDED_MAX);
    return removed;
  }
}
