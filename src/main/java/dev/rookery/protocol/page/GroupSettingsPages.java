package dev.rookery.protocol.page;

import dev.rookery.base.GroupInviteId;
import dev.rookery.base.Limits;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.group.GroupCommand;
import dev.rookery.group.GroupQuery;
import dev.rookery.protocol.page.Forms.FormErrors;
import dev.rookery.translation.Message;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.util.HashMap;
import java.util.Map;

/** Serves the groups of a player: their own ones, invites in both directions, and a new one. */
final class GroupSettingsPages {
  private static final String PATH = "/users/settings/groups";
  private static final Map<String, Object> NEW =
      Map.of("title", "", "description", "", "type", "public", "membersMax", "", "slowdown", "");

  private final Bus bus;
  private final Limits limits;

  GroupSettingsPages(Bus bus, Limits limits) {
    this.bus = bus;
    this.limits = limits;
  }

  void mount(Router router, PageRouter pages) {
    pages.getSignedIn(router, PATH, request -> render(request, NEW, FormErrors.NONE));
    pages.postSignedIn(router, PATH, this::create);
    pages.postSignedIn(router, PATH + "/invite", this::answer);
  }

  private Future<PageResponse> render(
      PageRequest request, Map<String, Object> form, FormErrors errors) {
    PlayerId player = request.player();
    var mineList = new PageList(PATH, "page");
    var receivedList = new PageList(PATH, "received");
    var sentList = new PageList(PATH, "sent");
    var mine = bus.ask(new GroupQuery.ListOfPlayer(player, mineList.requested(request)));
    var received = bus.ask(new GroupQuery.ListReceived(player, receivedList.requested(request)));
    var sent = bus.ask(new GroupQuery.ListSent(player, sentList.requested(request)));
    return Future.all(mine, received, sent)
        .map(
            _ -> {
              var model = new HashMap<String, Object>();
              model.put("title", Message.of("Your groups"));
              model.put("types", GroupView.TYPES);
              model.put("groupsMax", limits.groupsMax());
              model.put("form", form);
              model.put("mine", mineList.view(mine.result(), one -> GroupView.of(one)));
              model.put(
                  "received", receivedList.view(received.result(), one -> GroupView.invite(one)));
              model.put("sent", sentList.view(sent.result(), one -> GroupView.invite(one)));
              return Forms.render("settings-groups", model, errors);
            });
  }

  private Future<PageResponse> create(PageRequest request) {
    return Forms.submit(
        Future.succeededFuture()
            .compose(
                _ ->
                    bus.ask(
                        new GroupCommand.Create(
                            request.player(), GroupView.settings(request), null)))
            .map(
                group ->
                    new PageResponse.Redirect("/groups/" + group.id() + "?done=group-created")),
        errors -> render(request, GroupView.form(request), errors));
  }

  private Future<PageResponse> answer(PageRequest request) {
    PlayerId player = request.player();
    var invite = new GroupInviteId(request.fieldId("invite"));
    Future<String> answered =
        switch (request.field("action")) {
          case "accept" ->
              bus.ask(new GroupCommand.AcceptInvite(player, invite, null)).map("invite-accepted");
          case "decline" ->
              bus.ask(new GroupCommand.DeclineInvite(player, invite)).map("invite-declined");
          case "cancel" ->
              bus.ask(new GroupCommand.CancelInvite(player, invite)).map("invite-cancelled");
          default -> Future.failedFuture(Refused.missing("not_found"));
        };
    return Forms.submit(
        answered.map(done -> new PageResponse.Redirect(PATH + "?done=" + done)),
        errors -> render(request, NEW, errors));
  }
}
