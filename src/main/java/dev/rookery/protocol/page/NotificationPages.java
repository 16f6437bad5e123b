package dev.rookery.protocol.page;

import dev.rookery.base.FriendshipId;
import dev.rookery.base.GroupId;
import dev.rookery.base.NotificationId;
import dev.rookery.base.Page;
import dev.rookery.base.PartyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.friend.FriendCommand;
import dev.rookery.friend.FriendCommand.Action;
import dev.rookery.group.GroupCommand;
import dev.rookery.group.GroupInvite;
import dev.rookery.group.GroupQuery;
import dev.rookery.notification.Notification;
import dev.rookery.notification.NotificationCommand;
import dev.rookery.notification.NotificationKind;
import dev.rookery.party.PartyCommand;
import dev.rookery.protocol.page.Forms.FormErrors;
import dev.rookery.translation.Message;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Serves the notifications of a player, with the answers to invites and requests in place. */
final class NotificationPages {
  private static final String PATH = "/notifications";
  private static final String KINDS = "/users/settings/notifications";
  private static final String UP_TO = "up_to";
  private static final Page.Request INVITES = new Page.Request(1, 100);

  private final Bus bus;
  private final InstantSource clock;

  NotificationPages(Bus bus, InstantSource clock) {
    this.bus = bus;
    this.clock = clock;
  }

  void mount(Router router, PageRouter pages) {
    pages.getSignedIn(router, PATH, request -> render(request, FormErrors.NONE));
    pages.postSignedIn(router, PATH + "/read", this::markRead);
    pages.postSignedIn(router, PATH + "/delete", this::delete);
    pages.postSignedIn(router, PATH + "/read-all", this::markAllRead);
    pages.postSignedIn(router, PATH + "/delete-all", this::deleteAll);
    pages.postSignedIn(router, PATH + "/answer", this::answer);
    pages.getSignedIn(router, KINDS, this::renderKinds);
    pages.postSignedIn(router, KINDS, this::saveKinds);
  }

  private Future<PageResponse> render(PageRequest request, FormErrors errors) {
    var list = new PageList(PATH, "page");
    // Read before the list, so that what comes in between is not deleted unseen.
    long shownMs = clock.millis();
    return bus.ask(new NotificationCommand.ListNewest(request.player(), list.requested(request)))
        .map(
            page -> {
              var model = new HashMap<String, Object>();
              model.put("title", Message.of("Notifications"));
              model.put("shown", shownMs);
              model.put("list", list.view(page, one -> NotificationView.of(one)));
              return new PageResponse.Scripted(
                  errors.status(), "notifications", errors.addTo(model));
            });
  }

  private Future<PageResponse> markRead(PageRequest request) {
    return submit(
        request,
        bus.ask(new NotificationCommand.MarkRead(request.player(), notification(request))),
        "notification-read");
  }

  private Future<PageResponse> delete(PageRequest request) {
    return submit(
        request,
        bus.ask(new NotificationCommand.Delete(request.player(), List.of(notification(request)))),
        "notification-deleted");
  }

  private Future<PageResponse> markAllRead(PageRequest request) {
    return submit(
        request,
        bus.ask(new NotificationCommand.MarkAllRead(request.player(), request.fieldId(UP_TO))),
        "notifications-read");
  }

  private Future<PageResponse> deleteAll(PageRequest request) {
    return submit(
        request,
        bus.ask(new NotificationCommand.DeleteAll(request.player(), request.fieldId(UP_TO))),
        "notifications-deleted");
  }

  /** Answers what the notification is about; then it has been read. */
  private Future<PageResponse> answer(PageRequest request) {
    boolean accept = request.field("action").equals("accept");
    Future<String> answered =
        bus.ask(new NotificationCommand.MarkRead(request.player(), notification(request)))
            .compose(notification -> answer(request.player(), notification, accept));
    return Forms.submit(
        answered.map(done -> new PageResponse.Redirect(PATH + "?done=" + done)),
        errors -> render(request, errors));
  }

  private Future<String> answer(PlayerId player, Notification notification, boolean accept) {
    String done = accept ? "invite-accepted" : "invite-declined";
    return switch (NotificationView.kind(notification)) {
      case FRIEND_REQUEST ->
          bus.ask(
                  new FriendCommand.Answer(
                      player,
                      new FriendshipId(metadata(notification, "friendship_id")),
                      accept ? Action.ACCEPT : Action.REJECT))
              .map(accept ? "friend-accept" : "friend-reject");
      case GROUP_INVITE ->
          findInvite(player, new GroupId(metadata(notification, "group_id")))
              .compose(
                  invite ->
                      accept
                          ? bus.ask(new GroupCommand.AcceptInvite(player, invite.id(), null))
                              .map(done)
                          : bus.ask(new GroupCommand.DeclineInvite(player, invite.id())).map(done));
      case PARTY_INVITE -> {
        var party = new PartyId(metadata(notification, "party_id"));
        yield accept
            ? bus.ask(new PartyCommand.Accept(player, party, null)).map(done)
            : bus.ask(new PartyCommand.Decline(player, party)).map(done);
      }
      default -> Future.failedFuture(Refused.missing("not_found"));
    };
  }

  /** The pending invite to the group; of several, the newest. */
  private Future<GroupInvite> findInvite(PlayerId player, GroupId group) {
    return bus.ask(new GroupQuery.ListReceived(player, INVITES))
        .map(
            received ->
                received.items().stream()
                    .filter(invite -> invite.group().equals(group))
                    .findFirst()
                    .orElseThrow(() -> Refused.missing("no_invite")));
  }

  private static long metadata(Notification notification, String key) {
    if (notification.metadata().get(key) instanceof Number id) {
      return id.longValue();
    }
    throw Refused.missing("not_found");
  }

  private static NotificationId notification(PageRequest request) {
    return new NotificationId(request.fieldId("notification"));
  }

  private Future<PageResponse> submit(PageRequest request, Future<?> change, String done) {
    return Forms.submit(
        change.map(_ -> new PageResponse.Redirect(PATH + "?done=" + done)),
        errors -> render(request, errors));
  }

  private Future<PageResponse> renderKinds(PageRequest request) {
    var mutes = MutePages.list(bus, request.player());
    return bus.ask(new NotificationCommand.ListMuted(request.player()))
        .compose(
            muted ->
                mutes.map(
                    all ->
                        PageResponse.Render.ok(
                            "settings-notifications",
                            Map.of(
                                "title",
                                Message.of("Notification settings"),
                                "groups",
                                groups(Set.copyOf(muted)),
                                "mutes",
                                all))));
  }

  private static List<Map<String, Object>> groups(Set<NotificationKind> muted) {
    return mutable()
        .map(kind -> kind.code() / 100)
        .distinct()
        .map(
            hundreds ->
                Map.<String, Object>of(
                    "name",
                    NotificationView.groupName(hundreds),
                    "kinds",
                    mutable()
                        .filter(kind -> kind.code() / 100 == hundreds)
                        .map(
                            kind ->
                                Map.of(
                                    "id", kind.code(),
                                    "name", NotificationView.name(kind),
                                    "on", !muted.contains(kind)))
                        .toList()))
        .toList();
  }

  private static Stream<NotificationKind> mutable() {
    return Stream.of(NotificationKind.values()).filter(NotificationKind::canBeMuted);
  }

  /** The form has the kinds that are wanted. */
  private Future<PageResponse> saveKinds(PageRequest request) {
    Set<String> wanted =
        request.context().request().formAttributes().getAll("kind").stream()
            .collect(Collectors.toSet());
    List<NotificationKind> muted =
        mutable().filter(kind -> !wanted.contains(Integer.toString(kind.code()))).toList();
    return bus.ask(new NotificationCommand.Mute(request.player(), muted))
        .map(_ -> new PageResponse.Redirect(KINDS + "?done=kinds"));
  }
}
