package dev.rookery.protocol.console;

import dev.rookery.base.IsoTime;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.console.Permission;
import dev.rookery.notification.Broadcast;
import dev.rookery.notification.Broadcast.Audience;
import dev.rookery.notification.Broadcast.Counts;
import dev.rookery.notification.Broadcast.State;
import dev.rookery.notification.Broadcast.Variant;
import dev.rookery.notification.BroadcastCommand;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The form that sends a notification to many players. */
final class ComposePages {
  static final String PATH = BroadcastPages.PATH + "/new";
  private static final String AUDIENCE = "audience";
  private static final String RECIPIENTS = "recipients";
  private static final String SENDER = "sender_id";
  private static final String TITLE = "title";
  private static final String CONTENT = "content";
  private static final String METADATA = "metadata";
  private static final String VARIANTS = "variants";
  private static final String STARTS = "starts_at";
  private static final List<String> AUDIENCES = List.of("players", "online", "all");

  /** How long it can be cancelled before it begins. */
  private static final Duration DELAY = Duration.ofSeconds(60);

  private final Changes changes;
  private final InstantSource clock;

  ComposePages(Changes changes, InstantSource clock) {
    this.changes = changes;
    this.clock = clock;
  }

  void register(ConsoleRouter console) {
    console.page(PATH, Permission.NOTIFICATIONS_BROADCAST, this::form);
    console.action(PATH, Permission.NOTIFICATIONS_BROADCAST, this::send);
    console.message(
        "broadcast-waits", "The broadcast waits for its time. Until then you can cancel it.");
  }

  private static List<FormView.Field> fields(ConsoleRequest request) {
    return List.of(
        FormView.Field.select(AUDIENCE, "To", "players", AUDIENCES)
            .hinted(
                "Players whose ids you give, those who are online when it is sent, or all. For a"
                    + " saved view, open it in the list of players and choose Notify."),
        FormView.Field.of(RECIPIENTS, "Ids of the players", "text", "")
            .hinted(
                "With spaces or commas between them, at most "
                    + BroadcastCommand.RECIPIENTS_MAX
                    + ". Send it to yourself first to test it."),
        FormView.Field.of(
                SENDER,
                "Id of the sender",
                "number",
                Long.toString(request.admin().player().value()))
            .hinted("Shown to the players as the sender."),
        FormView.Field.of(TITLE, "Title", "text", "").needed(),
        FormView.Field.of(CONTENT, "Content", "textarea", ""),
        FormView.Field.of(METADATA, "Metadata", "json", "").hinted("A JSON object, or empty."),
        FormView.Field.of(VARIANTS, "Other languages", "json", "")
            .hinted(
                "For players who have chosen the language:"
                    + " {\"de\": {\"title\": \"…\", \"content\": \"…\"}}"),
        FormView.Field.of(STARTS, "Begins", "text", "")
            .hinted("In UTC, as 2026-12-24T18:00. Empty for in 60 s."));
  }

  private static FormView view(ConsoleRequest request) {
    return new FormView(
        PATH, "", fields(request), "Preview and send", 1, BroadcastPages.PATH, List.of());
  }

  private static ConsoleView page(FormView form) {
    return RecordPage.of(
            List.of(
                new Link("Notifications", "/admin/notifications"),
                new Link("Broadcasts", BroadcastPages.PATH)),
            List.of(Section.form("new", "To many players", form)))
        .render("Compose");
  }

  private Future<ConsoleView> form(ConsoleRequest request) {
    return Future.succeededFuture(page(view(request)));
  }

  private Future<ConsoleView> send(ConsoleRequest request) {
    return new EditForm(request, "", fields(request))
        .submit(
            view(request), ComposePages::page, typed -> confirm(request, create(request, typed)));
  }

  private BroadcastCommand.Create create(ConsoleRequest request, EditForm typed) {
    Long sender = typed.number(SENDER);
    String audience = typed.value(AUDIENCE);
    if (!AUDIENCES.contains(audience)) {
      throw Refused.invalid(AUDIENCE, "is none of " + String.join(", ", AUDIENCES));
    }
    if (audience.equals("players") && typed.value(RECIPIENTS).isBlank()) {
      throw Refused.invalid(RECIPIENTS, "can't be blank");
    }
    if (typed.value(TITLE).isBlank()) {
      throw Refused.invalid(TITLE, "can't be blank");
    }
    return new BroadcastCommand.Create(
        request.admin().player(),
        sender == null ? request.admin().player() : BroadcastPages.player(SENDER, sender),
        Audience.valueOf(audience.toUpperCase(Locale.ROOT)),
        recipients(typed.value(RECIPIENTS)),
        typed.value(TITLE),
        typed.value(CONTENT),
        typed.object(METADATA),
        variants(typed.object(VARIANTS)),
        starts(typed.value(STARTS).strip()),
        DELAY.toMillis(),
        request.field(Confirmation.KEY).isEmpty() ? null : request.field(Confirmation.KEY));
  }

  private static List<Long> recipients(String text) {
    var ids = new ArrayList<Long>();
    for (String word : text.strip().split("[\\s,;]+", BroadcastCommand.RECIPIENTS_MAX + 1)) {
      if (!word.isEmpty()) {
        Long id = SearchQuery.parse(word);
        if (id == null) {
          throw Refused.invalid(
              RECIPIENTS,
              "are not ids, or more than " + BroadcastCommand.RECIPIENTS_MAX + " of them");
        }
        ids.add(id);
      }
    }
    return ids;
  }

  private static Map<String, Variant> variants(Map<String, Object> given) {
    var variants = new LinkedHashMap<String, Variant>();
    given.forEach(
        (language, value) -> {
          if (!(value instanceof Map<?, ?> texts) || !(texts.get(TITLE) instanceof String title)) {
            throw Refused.invalid(VARIANTS, language + " has no title");
          }
          variants.put(
              language,
              new Variant(title, texts.get(CONTENT) instanceof String content ? content : ""));
        });
    return variants;
  }

  private @Nullable Long starts(String text) {
    if (text.isEmpty()) {
      return null;
    }
    Instant time = IsoTime.parseUtc(text);
    if (time == null) {
      throw Refused.invalid(STARTS, "is not a time such as 2026-12-24T18:00");
    }
    long at = time.toEpochMilli();
    if (at < clock.millis()) {
      throw Refused.invalid(STARTS, "is in the past");
    }
    return at;
  }

  private Future<ConsoleView> confirm(ConsoleRequest request, BroadcastCommand.Create create) {
    String to = BroadcastPages.audience(create.audience(), create.recipients().size());
    String when =
        create.startsMs() == null
            ? "It begins in "
                + DELAY.toSeconds()
                + " s; until then you can cancel it on every page."
            : "It begins at " + Instant.ofEpochMilli(create.startsMs()) + ".";
    return Confirmation.level2(
            "Send it to " + to + "?",
            "They see it as a notification from player " + create.sender() + ". " + when,
            "Send it to " + to,
            create.audience().text())
        .withPreview(BroadcastPages.preview(preview(create)))
        .ask(request, PATH, () -> create(request, create));
  }

  /** The broadcast as it would be stored. */
  private static Broadcast preview(BroadcastCommand.Create create) {
    PlayerId admin = create.admin();
    return new Broadcast(
        0,
        admin,
        create.sender(),
        create.audience(),
        create.title(),
        create.content(),
        create.metadata(),
        create.variants(),
        State.OPEN,
        new Counts(0, 0, 0),
        0,
        0,
        0);
  }

  private Future<ConsoleView> create(ConsoleRequest request, BroadcastCommand.Create create) {
    return changes
        .make(
            request,
            create,
            "admin_create_broadcast",
            "broadcasts",
            Changes.values(
                AUDIENCE,
                create.audience().text(),
                RECIPIENTS,
                create.recipients(),
                SENDER,
                create.sender().value(),
                TITLE,
                create.title(),
                CONTENT,
                create.content()))
        .map(created -> ConsoleView.done(BroadcastPages.path(created.id()), "broadcast-waits"));
  }
}
