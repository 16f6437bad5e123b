package dev.rookery.protocol.console;

import dev.rookery.auth.EmailCommand;
import dev.rookery.base.Refusal.Unavailable;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.ConsoleCommand;
import dev.rookery.console.Invite;
import dev.rookery.console.Permission;
import dev.rookery.console.RoleTemplate;
import dev.rookery.console.StoredRole;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Invitations to roles: list, create and cancel. */
final class InviteAdminPages implements ConsoleSection {
  static final String PATH = "/admin/invites";

  private final Bus bus;
  private final Changes changes;
  private final InstantSource clock;
  private final Supplier<String> publicUrl;

  InviteAdminPages(Bus bus, Changes changes, InstantSource clock, Supplier<String> publicUrl) {
    this.bus = bus;
    this.changes = changes;
    this.clock = clock;
    this.publicUrl = publicUrl;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.page(PATH, Permission.ADMINS_READ, this::show);
    console.action(PATH + "/create", Permission.ADMINS_EDIT, this::create);
    console.page(
        PATH + "/:invite",
        Permission.ADMINS_READ,
        _ -> Future.succeededFuture(new ConsoleView.Redirect(PATH)));
    console.action(PATH + "/:invite/cancel", Permission.ADMINS_EDIT, this::cancel);
    console.message("invite-cancelled", "The invitation was cancelled.");
  }

  /** The open invitations, and the roles that may be given. */
  private record Shown(List<Invite> invites, List<String> roles) {}

  private Future<Shown> read(ConsoleRequest request) {
    var invites = bus.ask(new ConsoleCommand.ListInvites());
    var roles = bus.ask(new ConsoleCommand.ListRoles());
    return Future.all(invites, roles)
        .map(
            _ ->
                new Shown(
                    invites.result(),
                    roles.result().stream()
                        .map(StoredRole::template)
                        .filter(role -> request.admin().role().mayGrant(role))
                        .map(RoleTemplate::name)
                        .toList()));
  }

  private Future<ConsoleView> show(ConsoleRequest request) {
    return read(request).map(shown -> show(request, shown, FormView.NONE));
  }

  private static ConsoleView show(ConsoleRequest request, Shown shown, FormView form) {
    var sections = new ArrayList<Section>();
    sections.add(
        Section.table(
            "invites",
            "Open invitations",
            table(request, shown.invites()),
            Pager.NONE,
            "There are no open invitations."));
    if (request.may(Permission.ADMINS_EDIT)) {
      sections.add(
          Section.form(
                  "create", "Invite somebody", form == FormView.NONE ? form(shown.roles()) : form)
              .withNote(
                  "By a link that works once within 24 hours. The person who opens it signs in or"
                      + " creates an account, and has the role then."));
    }
    return page(List.of(), sections).render("Invitations");
  }

  private static RecordPage page(List<Link> links, List<Section> sections) {
    return new RecordPage(
        List.of(new Link("Admins and roles", AdminPages.PATH)),
        List.of(),
        links,
        List.of(),
        List.of(),
        sections);
  }

  private static ListView table(ConsoleRequest request, List<Invite> invites) {
    boolean personal = request.may(Permission.PLAYERS_PERSONAL);
    boolean edits = request.may(Permission.ADMINS_EDIT);
    var columns =
        List.of(
            Column.of("Role", 1),
            Column.of("Email", 1),
            Column.of("By", 2),
            Column.of("Created", 3),
            Column.of("Ends", 1),
            Column.of("Role ends", 3));
    var rows = new ArrayList<Row>();
    for (Invite invite : invites) {
      String email = invite.email().isEmpty() ? "copied link" : invite.email();
      rows.add(
          new Row(
              invite.id(),
              "invitation to " + invite.role(),
              List.of(
                  Cell.link(invite.role(), RolePages.path(invite.role())),
                  Cell.text(personal ? email : "hidden"),
                  Cell.player(invite.byName(), invite.by().value()),
                  Cell.time(invite.createdMs()),
                  Cell.time(invite.expiresMs()),
                  Cell.time(invite.untilMs())),
              edits
                  ? List.of(new Action("Cancel…", PATH + "/" + invite.id() + "/cancel", 1))
                  : List.of()));
    }
    return new ListView("invites", "Open invitations", columns, rows, false);
  }

  private static List<FormView.Field> fields(List<String> roles) {
    return List.of(
        FormView.Field.select("role", "Role", RoleTemplate.VIEWER.name(), roles),
        FormView.Field.of("email", "Email", "text", "").hinted("Empty to copy the link yourself."),
        FormView.Field.of("days", "The role ends after days", "number", "")
            .hinted("Empty for a role without an end."));
  }

  private static FormView form(List<String> roles) {
    return new FormView(PATH + "/create", "", fields(roles), "Invite", 0, "", List.of());
  }

  private Future<ConsoleView> create(ConsoleRequest request) {
    return read(request)
        .compose(
            shown ->
                new EditForm(request, "", fields(shown.roles()))
                    .submit(
                        form(shown.roles()),
                        again -> show(request, shown, again),
                        typed -> create(request, typed)));
  }

  private Future<ConsoleView> create(ConsoleRequest request, EditForm typed) {
    Long days = AdminPages.days(typed.value("days"));
    @Nullable Long until =
        days == null ? null : Long.valueOf(clock.millis() + Duration.ofDays(days).toMillis());
    String role = typed.value("role");
    String email = typed.value("email").strip();
    return changes
        .make(
            request,
            new ConsoleCommand.CreateInvite(
                request.admin().player(), role, email.isEmpty() ? null : email, until),
            "admin_create_invite",
            "invites",
            Changes.values("role", role, "email", email, "until", until))
        .compose(created -> send(created).map(emailed -> created(created, emailed)));
  }

  /** Sends the link, and returns whether the server could. */
  private Future<Boolean> send(Invite.Created created) {
    Invite invite = created.invite();
    return invite.email().isEmpty()
        ? Future.succeededFuture(false)
        : bus.ask(
                new EmailCommand.SendInvite(
                    invite.email(), invite.role(), invite.by(), invite.byName(), created.path()))
            .map(true)
            .recover(
                failure ->
                    failure instanceof Refused refused && refused.refusal() instanceof Unavailable
                        ? Future.succeededFuture(false)
                        : Future.failedFuture(failure));
  }

  private ConsoleView created(Invite.Created created, boolean emailed) {
    Section section =
        emailed
            ? Section.text("sent", "The link was sent", created.invite().email())
            : Section.text("link", "The link", publicUrl.get() + created.path())
                .withNote("Copy it now and give it to one person. It is shown this one time.");
    return page(List.of(new Link("To the invitations", PATH)), List.of(section))
        .render("Invitation to " + created.invite().role());
  }

  private Future<ConsoleView> cancel(ConsoleRequest request) {
    String invite = request.path("invite");
    return Confirmation.level1(
            "Cancel the invitation?", "Its link does not work any more.", "Cancel the invitation")
        .ask(
            request,
            PATH,
            ConsoleView.done(PATH, "invite-cancelled"),
            () ->
                changes.make(
                    request,
                    new ConsoleCommand.CancelInvite(invite),
                    "admin_cancel_invite",
                    "invites/" + invite));
  }
}
