package dev.rookery.protocol.console;

import dev.rookery.base.MessageId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.chat.ChatCase;
import dev.rookery.chat.ChatCase.Decision;
import dev.rookery.chat.ChatMessage;
import dev.rookery.chat.ChatMute;
import dev.rookery.chat.ChatReport;
import dev.rookery.chat.ModerationCommand;
import dev.rookery.console.Permission;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The queue of moderators: what players have reported and filters have flagged. */
final class ChatQueuePages implements ConsoleSection {
  static final String PATH = "/admin/chat/queue";
  private static final String PLAYER = "player";
  private static final List<SearchQuery.Key> KEYS =
      List.of(
          SearchQuery.Key.of(PLAYER, "the id of the player who was reported"),
          new SearchQuery.Key(
              "is", "open or closed", Set.of("open", "closed"), false, false, false));

  private final Bus bus;
  private final Changes changes;
  private final MuteForm mutes;

  ChatQueuePages(Bus bus, Changes changes, InstantSource clock) {
    this.bus = bus;
    this.changes = changes;
    this.mutes = new MuteForm(changes, clock);
  }

  @Override
  public void register(ConsoleRouter console) {
    console.page(PATH, Permission.CHAT_READ, this::list);
    console.page(PATH + "/:id", Permission.CHAT_READ, this::show);
    console.action(
        PATH + "/:id/dismiss", Permission.CHAT_MODERATE, one -> decide(one, Decision.DISMISS));
    console.action(PATH + "/:id/delete", Permission.CHAT_MODERATE, this::delete);
    console.action(PATH + "/:id/mute", Permission.CHAT_MODERATE, this::mute);
    console.message("report-closed", "The case is closed.");
  }

  static String path(long id) {
    return PATH + "/" + id;
  }

  private Future<ConsoleView> list(ConsoleRequest request) {
    ListRequest list = ListRequest.of(request, KEYS, false, List.of());
    SearchQuery search = list.search();
    if (!search.isValid()) {
      return Future.succeededFuture(page(request, list, List.of()));
    }
    Long player = search.number(PLAYER);
    var query =
        new ModerationCommand.ListCases(
            !"closed".equals(search.value("is")),
            player == null ? null : new PlayerId(player),
            SearchQuery.parse(list.after()),
            list.size() + 1);
    return changes
        .recordRead(
            request,
            "console_read_chat",
            "chat/queue",
            Changes.values("query", search.masked(KEYS)))
        .compose(_ -> bus.ask(query))
        .map(found -> page(request, list, found));
  }

  private static ConsoleView page(ConsoleRequest request, ListRequest list, List<ChatCase> found) {
    var keyset = Keyset.of(list, found, one -> Long.toString(one.id()));
    var pager = Pager.forward(list, keyset);
    return new ListPage(
            ListPage.Search.of(list, KEYS, ""),
            table("list", "Queue", keyset.items(), request),
            pager,
            "The queue is empty",
            "What players report and what the filter flags appears here.",
            List.of(),
            List.of(new Link("Messages", "/admin/chat"), new Link("Mutes", ChatMutePages.PATH)),
            List.of())
        .render("Chat queue");
  }

  private static ListView table(
      String id, String caption, List<ChatCase> cases, ConsoleRequest request) {
    var columns =
        List.of(
            Column.of("What", 1),
            Column.of("Player", 1),
            Column.of("Reports", 1),
            Column.of("Filter", 3),
            Column.of("State", 2),
            Column.of("Since", 2));
    var rows = new ArrayList<Row>();
    for (ChatCase one : cases) {
      String what = one.message() == null ? "The player" : one.content();
      rows.add(
          new Row(
              Long.toString(one.id()),
              "case " + one.id(),
              List.of(
                  Cell.link(what.isBlank() ? "(no text)" : what, path(one.id())),
                  Cell.player(one.playerName(), one.player().value()),
                  Cell.number(one.reports()),
                  Cell.text(one.rule()),
                  state(one),
                  Cell.time(one.createdMs())),
              one.isOpen() && request.may(Permission.CHAT_MODERATE)
                  ? List.of(new Action("Dismiss", path(one.id()) + "/dismiss", 0))
                  : List.of()));
    }
    return new ListView(id, caption, columns, rows, false);
  }

  private static Cell state(ChatCase one) {
    Decision decision = one.decision();
    if (decision == null) {
      return Cell.badge("open", "warn");
    }
    return switch (decision) {
      case DISMISS -> Cell.badge("dismissed", "");
      case DELETE -> Cell.badge("message deleted", "");
      case MUTE -> Cell.badge("player muted", "");
    };
  }

  private Future<ConsoleView> show(ConsoleRequest request) {
    long id = request.id("id");
    return changes
        .recordRead(request, "console_read_chat", "chat/queue/" + id, Changes.values())
        .compose(_ -> bus.ask(new ModerationCommand.FindCase(id)))
        .map(
            details -> page(request, details, mutes.view(path(id) + "/mute")).render("Case " + id));
  }

  private RecordPage page(ConsoleRequest request, ChatCase.Details details, FormView form) {
    ChatCase found = details.found();
    boolean decides = found.isOpen() && request.may(Permission.CHAT_MODERATE);
    var sections = new ArrayList<Section>();
    sections.add(Section.facts("case", "Case", facts(details)));
    sections.add(
        Section.table(
            "reports", "Reports", reports(details), Pager.NONE, "The filter flagged it."));
    if (found.message() != null) {
      sections.add(
          Section.table(
              "context", "Around it", context(details), Pager.NONE, "The messages are gone."));
    }
    if (decides) {
      sections.add(
          Section.form("mute", "Mute the player", form)
              .withNote("All open cases of the player are closed with it."));
    }
    sections.add(
        Section.table(
            "others",
            "Other cases of the player",
            table("others", "Other cases", details.others(), request),
            Pager.NONE,
            "None."));
    var buttons = new ArrayList<Action>();
    if (decides) {
      buttons.add(new Action("Dismiss", path(found.id()) + "/dismiss", 0));
      if (found.message() != null) {
        buttons.add(new Action("Delete the message", path(found.id()) + "/delete", 1));
      }
    }
    return new RecordPage(
        List.of(new Link("Chat", "/admin/chat"), new Link("Queue", PATH)),
        List.of(state(found)),
        request.may(Permission.PLAYERS_BAN)
            ? List.of(new Link("Ban…", "/admin/users/" + found.player() + "/ban"))
            : List.of(),
        buttons,
        List.of(),
        sections);
  }

  private static List<Fact> facts(ChatCase.Details details) {
    ChatCase found = details.found();
    ChatMute mute = details.mute();
    var facts = new ArrayList<Fact>();
    facts.add(Fact.of("Player", Cell.player(found.playerName(), found.player().value())));
    if (found.message() != null) {
      facts.add(Fact.of("Text when it was reported", Cell.text(found.content())));
    }
    facts.add(Fact.of("Reports", Cell.number(found.reports())));
    if (!found.rule().isEmpty()) {
      facts.add(Fact.of("Flagged by the rule", Cell.code(found.rule())));
    }
    facts.add(Fact.of("Since", Cell.time(found.createdMs())));
    facts.add(
        Fact.of(
            "Muted until",
            mute == null
                ? Cell.text("")
                : mute.untilMs() == ChatMute.FOR_EVER
                    ? Cell.text("for ever")
                    : Cell.time(mute.untilMs())));
    PlayerId by = found.decidedBy();
    if (by != null) {
      facts.add(Fact.of("Decided by", Cell.player(null, by.value())));
      facts.add(Fact.of("Decided", Cell.time(found.changedMs())));
    }
    return facts;
  }

  private static ListView reports(ChatCase.Details details) {
    var rows = new ArrayList<Row>();
    for (ChatReport report : details.reports()) {
      rows.add(
          new Row(
              Long.toString(report.reporter().value()),
              "report of player " + report.reporter(),
              List.of(
                  Cell.player(null, report.reporter().value()),
                  Cell.text(report.reason().text()),
                  Cell.text(report.text()),
                  Cell.time(report.createdMs()))));
    }
    var columns =
        List.of(
            Column.of("By", 1),
            Column.of("Reason", 1),
            Column.of("Text", 2),
            Column.of("Reported", 2));
    return new ListView("reports", "Reports", columns, rows, false);
  }

  private static ListView context(ChatCase.Details details) {
    MessageId reported = details.found().message();
    var rows = new ArrayList<Row>();
    for (ChatMessage message : details.context()) {
      rows.add(
          new Row(
              message.id().toString(),
              "message " + message.id(),
              List.of(
                  Cell.player(message.senderName(), message.sender().value()),
                  Cell.text(message.content()),
                  message.id().equals(reported) ? Cell.badge("reported", "warn") : Cell.text(""),
                  Cell.time(message.createdMs()))));
    }
    var columns =
        List.of(
            Column.of("Sender", 1), Column.of("Text", 1), Column.of("", 1), Column.of("Sent", 2));
    return new ListView("context", "Messages", columns, rows, false);
  }

  private Future<ConsoleView> decide(ConsoleRequest request, Decision decision) {
    long id = request.id("id");
    return changes
        .make(
            request,
            new ModerationCommand.Decide(request.admin().player(), id, decision),
            "admin_decide_chat_report",
            "chat/reports/" + id,
            Changes.values("decision", decision.text()))
        .map(_ -> ConsoleView.done(PATH, "report-closed"));
  }

  private Future<ConsoleView> delete(ConsoleRequest request) {
    return Confirmation.level1(
            "Delete the message?",
            "Clients that show it get an event and remove it.",
            "Delete the message")
        .ask(request, path(request.id("id")), () -> decide(request, Decision.DELETE));
  }

  private Future<ConsoleView> mute(ConsoleRequest request) {
    if (!request.may(Permission.CHAT_READ)) {
      return Future.succeededFuture(ConsoleProblem.noPermission(Permission.CHAT_READ).view());
    }
    long id = request.id("id");
    // A refused form is shown again with the messages.
    return changes
        .recordRead(request, "console_read_chat", "chat/queue/" + id, Changes.values())
        .compose(_ -> bus.ask(new ModerationCommand.FindCase(id)))
        .compose(
            details -> {
              if (!details.found().isOpen()) {
                throw Refused.conflict("report_closed");
              }
              return mutes.submit(
                  request,
                  details.found().player(),
                  true,
                  path(id) + "/mute",
                  again -> page(request, details, again).render("Case " + id),
                  ConsoleView.done(PATH, "report-closed"));
            });
  }
}
