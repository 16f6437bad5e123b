package dev.rookery.protocol.page;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.chat.Conversation;
import dev.rookery.chat.PersonalMuteCommand;
import dev.rookery.notification.PersonalMute;
import dev.rookery.notification.PersonalMute.Kind;
import dev.rookery.notification.PersonalMute.Subject;
import dev.rookery.translation.Message;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Mutes and unmutes players and conversations, on their pages and in the settings. */
final class MutePages {
  private static final String CONVERSATION = "/chat/:kind/:id";
  private static final String SETTINGS = "/users/settings/notifications";
  private static final String KIND = "kind";
  private static final String ID = "id";
  private static final String MUTED = "?done=muted";
  private static final String UNMUTED = "?done=unmuted";
  private static final int HOURS_MAX = 24 * 365;

  private final Bus bus;
  private final InstantSource clock;

  MutePages(Bus bus, InstantSource clock) {
    this.bus = bus;
    this.clock = clock;
  }

  void mount(Router router, PageRouter pages) {
    pages.postSignedIn(router, CONVERSATION + "/mute", this::mute);
    pages.postSignedIn(router, CONVERSATION + "/unmute", this::unmute);
    pages.postSignedIn(router, CONVERSATION + "/mute-player", this::mutePlayer);
    pages.postSignedIn(router, CONVERSATION + "/unmute-player", this::unmutePlayer);
    pages.postSignedIn(router, SETTINGS + "/unmute", this::unmuteOfSettings);
  }

  /** What a player has muted, in the models of pages. */
  record Muted(Map<Subject, PersonalMute> all) {
    static Muted of(List<PersonalMute> mutes) {
      return new Muted(
          mutes.stream().collect(Collectors.toMap(PersonalMute::subject, mute -> mute)));
    }

    Set<PlayerId> players() {
      return all.keySet().stream()
          .filter(subject -> subject.kind() == Kind.PLAYER)
          .map(subject -> new PlayerId(subject.id()))
          .collect(Collectors.toSet());
    }

    /** Empty values if the conversation is not muted. */
    Map<String, Object> of(Conversation conversation, PlayerId player) {
      PersonalMute mute = all.get(subject(conversation, player));
      return Map.of("on", mute != null, "until", mute == null ? "" : until(mute));
    }
  }

  static Future<Muted> read(Bus bus, PlayerId player) {
    return bus.ask(new PersonalMuteCommand.ListMutes(player)).map(Muted::of);
  }

  /** The mutes of a player, for the settings. */
  static Future<List<Map<String, Object>>> list(Bus bus, PlayerId player) {
    return bus.ask(new PersonalMuteCommand.ListMutes(player))
        .map(mutes -> mutes.stream().map(MutePages::view).toList());
  }

  private static Map<String, Object> view(PersonalMute mute) {
    var view = new HashMap<String, Object>();
    view.put(KIND, mute.subject().kind().name());
    view.put(ID, mute.subject().id());
    view.put("name", name(mute));
    view.put("until", until(mute));
    return view;
  }

  private static Message name(PersonalMute mute) {
    var player = new PlayerId(mute.subject().id());
    return switch (mute.subject().kind()) {
      case PLAYER -> PlayerView.name(player, mute.name());
      case DIRECT ->
          Message.of("Direct messages of {name}", "name", PlayerView.name(player, mute.name()));
      case GROUP -> Message.literal(mute.name());
      case LOBBY -> mute.name().isBlank() ? Message.of("Lobby") : Message.literal(mute.name());
      case PARTY -> Message.of("Party");
    };
  }

  /** An instant; an empty text if it has no end. */
  private static Object until(PersonalMute mute) {
    return mute.untilMs() == PersonalMute.FOR_EVER ? "" : Instant.ofEpochMilli(mute.untilMs());
  }

  private static Subject subject(Conversation conversation, PlayerId player) {
    return switch (conversation.kind()) {
      case DIRECT -> new Subject(Kind.DIRECT, conversation.otherThan(player).value());
      case GROUP -> new Subject(Kind.GROUP, conversation.id());
      case PARTY -> new Subject(Kind.PARTY, conversation.id());
      case LOBBY, ROOM -> new Subject(Kind.LOBBY, conversation.id());
    };
  }

  private Future<PageResponse> mute(PageRequest request) {
    String hours = request.field("hours");
    Long until =
        hours.isEmpty()
            ? null
            : Long.valueOf(
                clock.millis()
                    + Duration.ofHours(Math.min(request.fieldId("hours"), HOURS_MAX)).toMillis());
    return mute(request, subject(ChatPages.conversation(request), request.player()), until);
  }

  private Future<PageResponse> mutePlayer(PageRequest request) {
    return mute(request, new Subject(Kind.PLAYER, request.fieldId("player")), null);
  }

  private Future<PageResponse> mute(PageRequest request, Subject subject, @Nullable Long untilMs) {
    return bus.ask(new PersonalMuteCommand.Mute(request.player(), subject, untilMs))
        .map(_ -> new PageResponse.Redirect(ChatPages.path(request) + MUTED));
  }

  private Future<PageResponse> unmute(PageRequest request) {
    return unmute(
        request,
        subject(ChatPages.conversation(request), request.player()),
        ChatPages.path(request));
  }

  private Future<PageResponse> unmutePlayer(PageRequest request) {
    return unmute(
        request, new Subject(Kind.PLAYER, request.fieldId("player")), ChatPages.path(request));
  }

  private Future<PageResponse> unmuteOfSettings(PageRequest request) {
    Kind kind =
        Arrays.stream(Kind.values())
            .filter(one -> one.name().equals(request.field(KIND)))
            .findAny()
            .orElseThrow(() -> Refused.missing("not_found"));
    return unmute(request, new Subject(kind, request.fieldId(ID)), SETTINGS);
  }

  private Future<PageResponse> unmute(PageRequest request, Subject subject, String back) {
    return bus.ask(new PersonalMuteCommand.Unmute(request.player(), subject))
        .map(_ -> new PageResponse.Redirect(back + UNMUTED));
  }
}
