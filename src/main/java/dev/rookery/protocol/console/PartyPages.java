package dev.rookery.protocol.console;

import dev.rookery.base.PartyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.ListInput;
import dev.rookery.console.ListSelection;
import dev.rookery.console.Permission;
import dev.rookery.party.Party;
import dev.rookery.party.PartyCommand;
import dev.rookery.party.PartySnapshot;
import dev.rookery.player.Player;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Parties: list, members, settings, create, disband. */
final class PartyPages implements ConsoleSection {
  private static final String PATH = "/admin/parties";
  private static final String PARTY = PATH + "/:id";
  private static final String SIZE = "max_size";
  private static final String METADATA = "metadata";
  private static final String LEADER = "leader_id";
  private static final List<String> COLUMNS =
      List.of("id", "leader_id", "members", SIZE, METADATA, "created_at", "updated_at");

  private final Bus bus;
  private final Changes changes;
  private final ListTools lists;

  PartyPages(Bus bus, Changes changes, ListTools lists) {
    this.bus = bus;
    this.changes = changes;
    this.lists = lists;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(
        new MenuEntry(MenuEntry.Group.PLAYERS, "Parties", PATH, null, Permission.SOCIAL_READ));
    console.page(PATH, Permission.SOCIAL_READ, this::list);
    lists.register(console, PATH, this::select);
    console.page(PATH + "/new", Permission.SOCIAL_EDIT, this::createForm);
    console.action(PATH + "/new", Permission.SOCIAL_EDIT, this::create);
    console.action(PATH + "/disband", Permission.SOCIAL_EDIT, this::disbandSelected);
    console.page(PARTY, Permission.SOCIAL_READ, this::show);
    console.page(PARTY + "/edit", Permission.SOCIAL_EDIT, this::edit);
    console.action(PARTY + "/edit", Permission.SOCIAL_EDIT, this::save);
    console.action(PARTY + "/disband", Permission.SOCIAL_EDIT, this::disband);
    console.action(PARTY + "/members/:player/remove", Permission.SOCIAL_EDIT, this::remove);
    console.message("party-saved", "The party was saved.");
    console.message("party-created", "The party was created.");
    console.message("party-disbanded", "The party was disbanded.");
    console.message("parties-disbanded", "The selected parties were disbanded.");
    console.message("party-member-removed", "The player was removed.");
  }

  private Future<ConsoleView> list(ConsoleRequest request) {
    ListRequest list = ListRequest.of(request, List.of(), false, List.of());
    return bus.ask(new PartyCommand.ListAll(list.page()))
        .map(
            found -> {
              boolean edits = request.may(Permission.SOCIAL_EDIT);
              var columns =
                  List.of(
                      Column.of("Party", 1),
                      Column.of("Leader", 1),
                      Column.of("Members", 2),
                      Column.of("Created", 2),
                      Column.of("Updated", 4));
              var rows = new ArrayList<Row>();
              for (Party party : found.items()) {
                String id = Long.toString(party.id().value());
                rows.add(
                    new Row(
                        id,
                        "party " + id,
                        List.of(
                            Cell.link("Party " + id, PATH + "/" + id),
                            Cell.player(party.leaderName(), party.leader().value()),
                            Cell.text(party.members() + " of " + party.maxSize()),
                            Cell.time(party.createdMs()),
                            Cell.time(party.updatedMs()))));
              }
              return new ListPage(
                      ListPage.Search.of(list, List.of(), ""),
                      new ListView("list", "Parties", columns, rows, edits),
                      list.pager(found.total()),
                      "No parties",
                      "Players create parties with POST /api/v1/parties.",
                      edits ? List.of(new Action("Disband…", PATH + "/disband", 2)) : List.of(),
                      edits ? List.of(new Link("New party", PATH + "/new")) : List.of(),
                      lists.exports().links(request, list, PATH))
                  .render("Parties");
            });
  }

  private ListSelection<Party> select(ListInput request) {
    return new ListSelection<>(
        "parties",
        Permission.SOCIAL_READ,
        "",
        ListRequest.of(request, List.of(), false, List.of()).search().problems(),
        new ListSelection.Rows<>(
            (last, max) ->
                bus.ask(new PartyCommand.ListAfter(last == null ? null : last.id(), max)),
            party -> party.id().value(),
            COLUMNS,
            PartyPages::exported));
  }

  private static Map<String, Object> exported(Party party) {
    return Exports.row(
        "id",
        party.id().value(),
        "leader_id",
        party.leader().value(),
        "members",
        party.members(),
        SIZE,
        party.maxSize(),
        METADATA,
        new JsonObject(party.metadata()).encode(),
        "created_at",
        Exports.time(party.createdMs()),
        "updated_at",
        Exports.time(party.updatedMs()));
  }

  private static PartyId id(ConsoleRequest request) {
    return new PartyId(request.id("id"));
  }

  private static String path(PartyId party) {
    return PATH + "/" + party.value();
  }

  private Future<PartySnapshot> find(ConsoleRequest request) {
    return bus.ask(new PartyCommand.Find(id(request)));
  }

  private Future<ConsoleView> show(ConsoleRequest request) {
    return find(request).map(found -> show(request, found));
  }

  private static ConsoleView show(ConsoleRequest request, PartySnapshot found) {
    Party party = found.party();
    boolean edits = request.may(Permission.SOCIAL_EDIT);
    var facts =
        List.of(
            Fact.of("Id", Cell.code(Long.toString(party.id().value()))),
            Fact.of("Leader", Cell.player(party.leaderName(), party.leader().value())),
            Fact.of("Members", Cell.text(party.members() + " of " + party.maxSize())),
            Fact.of("Created", Cell.time(party.createdMs())),
            Fact.of("Updated", Cell.time(party.updatedMs())),
            Fact.of("Revision", Cell.number(party.revision())));
    var rows = new ArrayList<Row>();
    for (Player player : found.members()) {
      String member = Long.toString(player.id().value());
      boolean leads = player.id().equals(party.leader());
      rows.add(
          new Row(
              member,
              PlayerListPages.name(player),
              List.of(
                  Cell.player(player.displayName(), player.id().value()),
                  leads ? Cell.badge("leader", "good") : Cell.text(""),
                  player.online() ? Cell.badge("online", "good") : Cell.badge("offline", "")),
              edits && !leads
                  ? List.of(
                      new Action("Remove", path(party.id()) + "/members/" + member + "/remove", 1))
                  : List.of()));
    }
    var columns = List.of(Column.of("Player", 1), Column.of("Role", 2), Column.of("State", 2));
    return record(
        request,
        party,
        List.of(
            Section.facts("party", "Party", facts),
            Section.text("metadata", "Metadata", PrettyJson.of(party.metadata())),
            Section.table(
                "members",
                "Members",
                new ListView("members", "Members", columns, rows, false),
                Pager.NONE,
                "Nobody is in this party.")));
  }

  private static ConsoleView record(ConsoleRequest request, Party party, List<Section> sections) {
    boolean edits = request.may(Permission.SOCIAL_EDIT);
    String path = path(party.id());
    return new RecordPage(
            List.of(new Link("Parties", PATH)),
            List.of(),
            edits ? List.of(new Link("Edit", path + "/edit")) : List.of(),
            edits ? List.of(new Action("Disband…", path + "/disband", 1)) : List.of(),
            List.of(),
            sections)
        .render("Party " + party.id().value());
  }

  private static List<FormView.Field> fields(Party party) {
    return List.of(
        FormView.Field.of(SIZE, "Most members", "number", Integer.toString(party.maxSize())),
        FormView.Field.of(METADATA, "Metadata", "json", PrettyJson.of(party.metadata())));
  }

  private static FormView form(Party party) {
    String path = path(party.id());
    return new FormView(
        path + "/edit", Long.toString(party.revision()), fields(party), "Save", 0, path, List.of());
  }

  private static ConsoleView editPage(ConsoleRequest request, Party party, FormView form) {
    return record(request, party, List.of(Section.form("edit", "Edit", form)));
  }

  private Future<ConsoleView> edit(ConsoleRequest request) {
    return find(request).map(found -> editPage(request, found.party(), form(found.party())));
  }

  private Future<ConsoleView> save(ConsoleRequest request) {
    return find(request)
        .compose(
            found -> {
              Party party = found.party();
              return new EditForm(request, Long.toString(party.revision()), fields(party))
                  .submit(
                      form(party),
                      again -> editPage(request, party, again),
                      typed -> {
                        var update =
                            new PartyCommand.UpdateAny(
                                party.id(),
                                typed.changed(SIZE) == null ? null : typed.integer(SIZE),
                                typed.changed(METADATA) == null ? null : typed.object(METADATA),
                                typed.expected());
                        return changes
                            .make(
                                request,
                                update,
                                "admin_update_party",
                                "parties/" + party.id().value(),
                                Changes.values(SIZE, update.maxSize(), METADATA, update.metadata()))
                            .map(_ -> ConsoleView.done(path(party.id()), "party-saved"));
                      },
                      () -> save(request));
            });
  }

  private static List<FormView.Field> newFields() {
    return List.of(
        FormView.Field.of(LEADER, "Id of the leader", "number", "").needed(),
        FormView.Field.of(SIZE, "Most members", "number", "4"),
        FormView.Field.of(METADATA, "Metadata", "json", ""));
  }

  private static FormView newForm() {
    return new FormView(PATH + "/new", "", newFields(), "Create the party", 0, PATH, List.of());
  }

  private static ConsoleView createPage(FormView form) {
    return RecordPage.of(
            List.of(new Link("Parties", PATH)), List.of(Section.form("new", "New party", form)))
        .render("New party");
  }

  private Future<ConsoleView> createForm(ConsoleRequest request) {
    return Future.succeededFuture(createPage(newForm()));
  }

  private Future<ConsoleView> create(ConsoleRequest request) {
    return new EditForm(request, "", newFields())
        .submit(
            newForm(),
            PartyPages::createPage,
            typed -> {
              Long leader = typed.number(LEADER);
              if (leader == null) {
                throw Refused.invalid(LEADER, "can't be blank");
              }
              var create =
                  new PartyCommand.Create(
                      new PlayerId(leader), typed.integer(SIZE), typed.object(METADATA), null);
              return changes
                  .make(
                      request,
                      create,
                      "admin_create_party",
                      "parties",
                      Changes.values(LEADER, leader, SIZE, create.maxSize()))
                  .map(made -> ConsoleView.done(path(made.party().id()), "party-created"));
            });
  }

  private Future<?> disband(ConsoleRequest request, long id) {
    return changes.make(
        request, new PartyCommand.Disband(new PartyId(id)), "admin_delete_party", "parties/" + id);
  }

  private Future<ConsoleView> disband(ConsoleRequest request) {
    PartyId party = id(request);
    return Confirmation.level1(
            "Disband party " + party.value() + "?", "All members leave it.", "Disband the party")
        .ask(
            request,
            path(party),
            ConsoleView.done(PATH, "party-disbanded"),
            () -> disband(request, party.value()));
  }

  private Future<ConsoleView> disbandSelected(ConsoleRequest request) {
    return Selection.of(request, PATH)
        .apply(
            "Disband",
            "parties",
            "All their members leave them.",
            "parties-disbanded",
            id -> disband(request, id));
  }

  private Future<ConsoleView> remove(ConsoleRequest request) {
    PartyId party = id(request);
    var player = new PlayerId(request.id("player"));
    return Confirmation.level1(
            "Remove player " + player.value() + "?",
            "The player is told that the leader removed them.",
            "Remove the player")
        .ask(
            request,
            path(party),
            ConsoleView.done(path(party), "party-member-removed"),
            () ->
                changes.make(
                    request,
                    new PartyCommand.KickFromAny(party, player),
                    "admin_kick_party_member",
                    "parties/" + party.value(),
                    Changes.values("user_id", player.value())));
  }
}
