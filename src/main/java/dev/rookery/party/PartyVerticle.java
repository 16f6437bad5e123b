package dev.rookery.party;

import dev.rookery.base.FieldErrors;
import dev.rookery.base.Limits;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.friend.Friends;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.party.PartyTask.Result;
import dev.rookery.player.Export;
import dev.rookery.player.Players;
import dev.rookery.store.Batcher;
import dev.rookery.store.Batcher.Outcome;
import dev.rookery.store.Database;
import dev.rookery.store.IdempotentCommand;
import dev.rookery.store.LongLists;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Serves the commands of parties, on virtual threads. */
public final class PartyVerticle extends VerticleBase {
  private static final int INVITES_MAX = 1_000;

  private final Bus bus;
  private final Database database;
  private final ClusterScheduler scheduler;
  private final LongLists longLists;
  private final PartyRules rules;
  private final PartyStore parties = new PartyStore();
  private final InviteStore invites = new InviteStore();
  private final PartyDependencies dependencies;
  private final PartyViews views;
  private final Map<PartyChange, Counter> changes = new EnumMap<>(PartyChange.class);
  private Batcher<PartyTask, Result> batcher;

  @SuppressWarnings("NullAway.Init") // at the start
  public PartyVerticle(
      Bus bus,
      Database database,
      Players players,
      Friends friends,
      SharedGroups groups,
      NotificationWriter notifications,
      ClusterScheduler scheduler,
      Limits limits,
      LongLists longLists) {
    this.bus = bus;
    this.database = database;
    this.scheduler = scheduler;
    this.longLists = longLists;
    this.rules = new PartyRules(limits);
    this.dependencies =
        new PartyDependencies(parties, invites, players, friends, groups, rules, notifications);
    this.views = new PartyViews(database, parties, players);
    for (PartyChange change : PartyChange.values()) {
      changes.put(
          change,
          Counter.builder("rookery.party.changes")
              .description("Changes of parties and invites that this node has committed")
              .tag("change", change.name().toLowerCase(Locale.ROOT))
              .register(database.registry()));
    }
  }

  @Override
  public Future<?> start() {
    batcher =
        new Batcher<>(
            context,
            database,
            "party",
            PartyTask::player,
            PartyBatch.RETRY.refusal(),
            (tasks, _) -> carryOut(tasks));
    PartyGauge.schedule(scheduler, database);
    var exports = new ExportStore();
    return Future.all(
        bus.<PartyCommand<?>>serve(PartyCommand.ADDRESS, this::handle),
        bus.<Export>serve(Export.address("party"), export -> exports.party(database, export)),
        bus.<Export>serve(
            Export.address("party_invites"), export -> exports.invites(database, export)));
  }

  private List<Outcome<Result>> carryOut(List<PartyTask> tasks) {
    // The transaction may be carried out more than once; only the last one counts.
    var last = new AtomicReference<PartyBatch>();
    List<Outcome<Result>> outcomes =
        database.write(
            tx -> {
              var batch = new PartyBatch(tx, dependencies, tasks);
              last.set(batch);
              return batch.carryOut();
            });
    Objects.requireNonNull(last.get()).changes().forEach(this::count);
    return outcomes;
  }

  private void count(PartyChange change, int count) {
    Objects.requireNonNull(changes.get(change)).increment(count);
  }

  private Object handle(PartyCommand<?> command) {
    return switch (command) {
      case PartyCommand.Create create ->
          ask(
                  create,
                  rules.errors(create.maxSize(), create.metadata()),
                  key(create.player(), create.idempotencyKey(), "party.create"))
              .map(Result::snapshot);
      case PartyCommand.Update update ->
          ask(update, rules.errors(update.maxSize(), update.metadata()), null)
              .map(Result::snapshot);
      case PartyCommand.Accept accept ->
          ask(
                  accept,
                  new FieldErrors(),
                  key(accept.player(), accept.idempotencyKey(), "party.accept"))
              .map(Result::snapshot);
      case PartyCommand.Leave leave ->
          done(leave, key(leave.player(), leave.idempotencyKey(), "party.leave"));
      case PartyCommand.Kick kick ->
          done(kick, key(kick.player(), kick.idempotencyKey(), "party.kick"));
      case PartyCommand.Invite invite -> done(invite, null);
      case PartyCommand.CancelInvite cancel -> done(cancel, null);
      case PartyCommand.Decline decline -> done(decline, null);
      case PartyCommand.UpdateAny update ->
          askAsLeader(update, rules.errors(update.maxSize(), update.metadata()))
              .map(Result::snapshot);
      case PartyCommand.Disband disband -> doneAsLeader(disband);
      case PartyCommand.KickFromAny kick -> doneAsLeader(kick);
      case PartyCommand.Find(var party) ->
          views.find(party).orElseThrow(() -> Refused.missing("not_found"));
      case PartyCommand.ListAfter(var after, var max) -> PartyStore.openAfter(database, after, max);
      case PartyCommand.ListAll(var page) -> PartyStore.listOpen(database, longLists, page);
      case PartyCommand.CountMembers() -> PartyStore.countMembers(database);
      case PartyCommand.Show(var player) -> views.show(player);
      case PartyCommand.Watch(var player, var party) -> views.watch(player, party);
      case PartyCommand.ListInvites(var player) -> invites.listTo(database, player, INVITES_MAX);
      case PartyCommand.ListSentInvites(var player) ->
          invites.listBy(database, player, INVITES_MAX);
    };
  }

  private static @Nullable IdempotentCommand key(
      PlayerId player, @Nullable String key, String command) {
    return IdempotentCommand.of(player, key, command);
  }

  private Future<Done> doneAsLeader(PartyCommand.ByServer<Done> command) {
    return askAsLeader(command, new FieldErrors()).map(Done.DONE);
  }

  /** Carries out a command of the server in the order of the leader's own commands. */
  private Future<Result> askAsLeader(PartyCommand.ByServer<?> command, FieldErrors errors) {
    PlayerId leader =
        parties
            .find(database, command.party())
            .orElseThrow(() -> Refused.missing("not_found"))
            .party()
            .leader();
    return ask(new PartyTask(command, leader, errors, null));
  }

  private Future<Done> done(
      PartyCommand.ByPlayer<Done> command, @Nullable IdempotentCommand idempotent) {
    return ask(command, new FieldErrors(), idempotent).map(Done.DONE);
  }

  private Future<Result> ask(
      PartyCommand.ByPlayer<?> command,
      FieldErrors errors,
      @Nullable IdempotentCommand idempotent) {
    return ask(new PartyTask(command, command.player(), errors, idempotent));
  }

  private Future<Result> ask(PartyTask task) {
    return batcher
        .submit(task)
        .compose(
            result -> {
              Refused refused = result.refused();
              return refused == null
                  ? Future.succeededFuture(result)
                  : Future.failedFuture(refused);
            });
  }
}
