package dev.rookery.chat;

import dev.rookery.base.FieldErrors;
import dev.rookery.base.MessageId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.VisibleText;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.chat.ChatCase.Decision;
import dev.rookery.console.Grants;
import dev.rookery.friend.Friends;
import dev.rookery.group.Groups;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.lease.Sweep;
import dev.rookery.lease.SweptTable;
import dev.rookery.lobby.Lobbies;
import dev.rookery.party.Parties;
import dev.rookery.player.Export;
import dev.rookery.player.Players;
import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;

/** Serves reports, what admins decide about them, and mutes, on virtual threads. */
public final class ModerationVerticle extends VerticleBase {
  private static final Duration SWEEP_EVERY = Duration.ofHours(1);
  private static final Duration KEPT_FOR = Duration.ofDays(90);
  private static final Duration REPORT_AGAIN = Duration.ofHours(1);
  private static final int LISTED_MAX = 1_000;
  private static final int OTHERS_SHOWN = 20;

  private final Bus bus;
  private final Database database;
  private final Players players;
  private final ConversationAccess access;
  private final ClusterScheduler scheduler;
  private final InstantSource clock;
  private final Grants grants;
  private final ChatStore messages = new ChatStore();
  private final CaseStore cases = new CaseStore();
  private final MuteStore mutes = new MuteStore();
  private final ContextStore contexts = new ContextStore();
  private final Counter reported;

  public ModerationVerticle(
      Bus bus,
      Database database,
      Players players,
      Friends friends,
      Groups groups,
      Parties parties,
      Lobbies lobbies,
      ClusterScheduler scheduler,
      InstantSource clock) {
    this.bus = bus;
    this.database = database;
    this.players = players;
    this.access = new ConversationAccess(players, friends, groups, parties, lobbies);
    this.scheduler = scheduler;
    this.clock = clock;
    this.grants = new Grants(clock);
    this.reported =
        Counter.builder("rookery.chat.reports")
            .description("Messages and players that players have reported")
            .register(database.registry());
  }

  @Override
  public Future<?> start() {
    scheduler.scheduleSweep(
        Sweep.every(
            SWEEP_EVERY,
            "closed reports",
            SweptTable.ruled("chat_report", "with its case"),
            SweptTable.ruled("chat_case", "90 days after it was closed"),
            SweptTable.expired("chat_mute", "until_ms")),
        _ -> sweep());
    return Future.all(
        bus.<ModerationCommand<?>>serve(ModerationCommand.ADDRESS, this::handle),
        bus.<Export>serve(
            Export.address("chat_reports"), asked -> cases.exportReports(database, asked)),
        bus.<Export>serve(
            Export.address("chat_cases"), asked -> cases.exportCases(database, asked)),
        bus.<Export>serve(Export.address("chat_mutes"), asked -> mutes.export(database, asked)));
  }

  private Object handle(ModerationCommand<?> command) {
    return switch (command) {
      case ModerationCommand.Report report -> report(report);
      case ModerationCommand.ReportPlayer report -> report(report);
      case ModerationCommand.ListCases list ->
          cases.list(database, list, Math.min(list.max(), LISTED_MAX));
      case ModerationCommand.FindCase(var id) -> details(id);
      case ModerationCommand.Decide decide -> decide(decide);
      case ModerationCommand.Mute mute -> mute(mute);
      case ModerationCommand.Unmute(var player) -> unmute(player);
      case ModerationCommand.ListMutes(var after, var max) ->
          mutes.list(database, after, clock.millis(), Math.min(max, LISTED_MAX));
    };
  }

  private Done report(ModerationCommand.Report report) {
    ChatMessage message =
        messages
            .find(database, report.message())
            .filter(found -> access.isMember(database, report.by(), found.conversation()))
            .orElseThrow(() -> Refused.missing("not_found"));
    if (message.sender().equals(report.by())) {
      throw Refused.conflict("own_message");
    }
    return report(
        report.by(),
        CaseStore.subject(message.id()),
        report.reason(),
        report.text(),
        // Read again: it may have been deleted meanwhile.
        tx ->
            cases.open(
                tx,
                messages.find(tx, message.id()).orElseThrow(() -> Refused.missing("not_found"))));
  }

  private Done report(ModerationCommand.ReportPlayer report) {
    if (report.player().equals(report.by())) {
      throw Refused.conflict("own_account");
    }
    return report(
        report.by(),
        CaseStore.subject(report.player()),
        report.reason(),
        report.text(),
        tx -> {
          if (players.lockKeys(tx, Set.of(report.player())).isEmpty()) {
            throw Refused.missing("user_not_found");
          }
          return cases.open(tx, report.player());
        });
  }

  private Done report(
      PlayerId by,
      String subject,
      ChatReport.Reason reason,
      String text,
      ToLongFunction<Transaction> open) {
    String visible = VisibleText.withLineFeeds(text);
    new FieldErrors()
        .visibleLines("text", visible.isBlank() ? null : visible, ModerationCommand.TEXT_MAX)
        .refuse();
    boolean first =
        database.write(
            tx -> {
              // One after another, so that two at once do not pass the bound together.
              players.lock(tx, by);
              long nowMs = tx.now().toEpochMilli();
              if (cases.hasReported(tx, subject, by)) {
                return false;
              }
              if (cases.countOfDay(tx, by, nowMs) >= ModerationCommand.REPORTS_MAX) {
                throw new Refused(new Refusal.Limited("too_many_reports", REPORT_AGAIN));
              }
              cases.report(tx, open.applyAsLong(tx), new ChatReport(by, reason, visible, nowMs));
              return true;
            });
    if (first) {
      reported.increment();
    }
    return Done.DONE;
  }

  private ChatCase.Details details(long id) {
    ChatCase found = find(id);
    MessageId message = found.message();
    Conversation conversation = found.conversation();
    return new ChatCase.Details(
        found,
        cases.reports(database, id),
        message == null || conversation == null
            ? List.of()
            : contexts.around(database, conversation, message, ModerationCommand.CONTEXT),
        mutes.find(database, found.player(), clock.millis()).orElse(null),
        cases.others(database, found, OTHERS_SHOWN));
  }

  private ChatCase find(long id) {
    return cases.find(database, id).orElseThrow(ModerationVerticle::notFound);
  }

  private static Refused notFound() {
    return Refused.missing("report_not_found");
  }

  private Done decide(ModerationCommand.Decide decide) {
    ChatCase found = find(decide.id());
    return database.write(
        tx -> {
          if (decide.decision() == Decision.DELETE) {
            delete(tx, found);
          }
          if (!cases.close(tx, decide.id(), decide.decision(), decide.admin())) {
            throw Refused.conflict("report_closed");
          }
          return Done.DONE;
        });
  }

  /** Harmless if the message is gone. */
  private void delete(Transaction tx, ChatCase found) {
    MessageId message = found.message();
    Conversation conversation = found.conversation();
    if (message == null || conversation == null) {
      throw Refused.conflict("no_message");
    }
    if (access.lock(tx, conversation) && messages.find(tx, message).isPresent()) {
      messages.delete(tx, message);
      var deleted = new ChatEvent.Deleted(conversation, message);
      ConversationAccess.streams(conversation).forEach(stream -> tx.append(stream, deleted));
    }
  }

  private ChatMute mute(ModerationCommand.Mute mute) {
    FieldErrors errors =
        new FieldErrors().visibleLine("reason", mute.reason(), ModerationCommand.TEXT_MAX);
    Long until = mute.untilMs();
    if (until != null && until <= clock.millis()) {
      errors.add("until", "is in the past");
    }
    errors.refuse();
    grants.requireRank(database, mute.player());
    return database.write(
        tx -> {
          if (players.lockKeys(tx, Set.of(mute.player())).isEmpty()) {
            throw Refused.missing("user_not_found");
          }
          var stored =
              new ChatMute(
                  mute.player(),
                  mute.admin(),
                  mute.reason(),
                  until == null ? ChatMute.FOR_EVER : until,
                  tx.now().toEpochMilli());
          mutes.put(tx, stored);
          if (mute.closesCases()) {
            cases.closeAllOf(tx, mute.player(), Decision.MUTE, mute.admin());
          }
          return stored;
        });
  }

  private Done unmute(PlayerId player) {
    grants.requireRank(database, player);
    return database.write(
        tx -> {
          if (!mutes.remove(tx, player)) {
            throw Refused.missing("not_muted");
          }
          return Done.DONE;
        });
  }

  private long sweep() {
    long before = clock.instant().minus(KEPT_FOR).toEpochMilli();
    long removed = database.write(mutes::removeEnded);
    int step;
    do {
      step = database.write(tx -> cases.removeClosed(tx, before));
      removed += step;
    } while (step == CaseStore.REMOVED_MAX);
    return removed;
  }
}
