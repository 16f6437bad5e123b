package dev.rookery.game;

import dev.rookery.extension.game.BotDecision;
import dev.rookery.extension.game.BotInfo;
import dev.rookery.extension.game.ConfigField;
import dev.rookery.extension.game.ConfigSchema;
import dev.rookery.extension.game.GameRandom;
import dev.rookery.extension.game.GameSettings;
import dev.rookery.extension.game.ProfileChanges;
import dev.rookery.extension.game.ProfileInfo;
import dev.rookery.extension.game.TurnGame;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Crazy eights for two to four players, with hidden hands.
 *
 * <p>The move {@code play} with {@code {"card": "7H"}} lays a card that has the suit or the rank of
 * the top card; an eight fits on everything. {@code draw} takes a card instead, or nothing if none
 * is left. Who has no cards wins; after {@value #TURNS_MAX} turns the match is a draw. A player who
 * does not move in time draws.
 *
 * <p>A card is its rank ({@code A23456789TJQK}) and its suit ({@code CDHS}).
 */
public final class CrazyEights implements TurnGame {
  private static final String PLAY = "play";
  private static final String DRAW = "draw";
  private static final String CARD = "card";
  private static final String HANDS = "hands";
  private static final String STOCK = "stock";
  private static final String PILE = "pile";
  private static final String WINNER = "winner";
  private static final String CARDS = "cards";
  private static final String TURN_SECONDS = "turnSeconds";
  private static final String RANKS = "A23456789TJQK";
  private static final String SUITS = "CDHS";
  private static final char WILD = '8';
  private static final int TURNS_MAX = 400;
  private static final String RANDOM_BOT = "random";
  private static final String CAREFUL_BOT = "careful";

  private static final GameSettings SETTINGS =
      new GameSettings(
          "crazy-eights",
          "1",
          List.of("0", "1", "2", "3"),
          2,
          List.of(
              new BotInfo(RANDOM_BOT, "Random", "Lays any card that fits.", "easy"),
              new BotInfo(CAREFUL_BOT, "Careful", "Keeps its eights.", "medium")),
          new ConfigSchema(
              List.of(
                  new ConfigField.NumberField(CARDS, "Cards per player", null, 5, 3, 7, 1, null),
                  new ConfigField.NumberField(
                      TURN_SECONDS, "Time for a turn", null, 30, 5, 600, 5, "s"))),
          new ProfileInfo("1", "{\"played\":0,\"wins\":0}"));

  /** The game as the server runs it. */
  public static Game game() {
    return new TurnGameEngine(new CrazyEights(), "builtin-1");
  }

  @Override
  public GameSettings settings() {
    return SETTINGS;
  }

  @Override
  public JsonObject setup(Match match) {
    var deck = new ArrayList<String>();
    for (char suit : SUITS.toCharArray()) {
      for (char rank : RANKS.toCharArray()) {
        deck.add(String.valueOf(rank) + suit);
      }
    }
    shuffle(deck, match, 0);
    int count = SETTINGS.config().complete(match.config()).getInteger(CARDS);
    var hands = new JsonObject();
    for (String player : match.players()) {
      var hand = new JsonArray();
      for (int i = 0; i < count; i++) {
        hand.add(deck.removeLast());
      }
      hands.put(player, hand);
    }
    return new JsonObject()
        .put(HANDS, hands)
        .put(PILE, JsonArray.of(deck.removeLast()))
        .put(STOCK, new JsonArray(deck));
  }

  /** By numbers that clients cannot foresee, so that they cannot tell the order of the cards. */
  private static void shuffle(List<String> cards, Match match, long turn) {
    GameRandom random = match.hiddenRandom("cards:" + turn);
    for (int i = cards.size() - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      String card = cards.get(i);
      cards.set(i, cards.get(other));
      cards.set(other, card);
    }
  }

  @Override
  public Map<String, Move> moves() {
    return Map.of(PLAY, CrazyEights::play, DRAW, (context, player, _) -> draw(context, player));
  }

  private static Result play(Context context, String playerID, @Nullable Object payload) {
    if (!(payload instanceof JsonObject given) || !(given.getValue(CARD) instanceof String card)) {
      return new Result.Invalid("invalid_card", new JsonObject());
    }
    JsonArray hand = hand(context, playerID).copy();
    if (!hand.remove(card)) {
      return new Result.Invalid("not_in_hand", JsonObject.of(CARD, card));
    }
    if (!fits(card, top(context))) {
      return new Result.Invalid("does_not_fit", JsonObject.of(CARD, card));
    }
    var patch =
        new JsonObject()
            .put(HANDS, hands(context).copy().put(playerID, hand))
            .put(PILE, context.state().getJsonArray(PILE).copy().add(card));
    return hand.isEmpty()
        ? new Result.Finish(JsonObject.of(WINNER, playerID), patch)
        : endTurn(context, patch);
  }

  private static Result draw(Context context, String playerID) {
    List<String> stock = cards(context.state().getJsonArray(STOCK));
    JsonArray pile = context.state().getJsonArray(PILE);
    if (stock.isEmpty()) {
      // The pile without its top card becomes the stock again.
      stock.addAll(cards(pile).subList(0, pile.size() - 1));
      pile = JsonArray.of(top(context));
      shuffle(stock, context, context.turn());
    }
    JsonArray hand = hand(context, playerID).copy();
    if (!stock.isEmpty()) {
      hand.add(stock.removeLast());
    }
    return endTurn(
        context,
        new JsonObject()
            .put(HANDS, hands(context).copy().put(playerID, hand))
            .put(PILE, pile)
            .put(STOCK, new JsonArray(stock)));
  }

  private static Result endTurn(Context context, JsonObject patch) {
    return context.turn() < TURNS_MAX
        ? new Result.EndTurn(patch)
        : new Result.Finish(JsonObject.of("draw", true), patch);
  }

  private static List<String> cards(JsonArray from) {
    var cards = new ArrayList<String>(from.size());
    from.forEach(card -> cards.add((String) card));
    return cards;
  }

  private static boolean fits(String card, String top) {
    return card.charAt(0) == WILD
        || card.charAt(0) == top.charAt(0)
        || card.charAt(1) == top.charAt(1);
  }

  private static JsonObject hands(Context context) {
    return context.state().getJsonObject(HANDS);
  }

  private static JsonArray hand(Context context, String playerID) {
    return hands(context).getJsonArray(playerID);
  }

  private static String top(Context context) {
    JsonArray pile = context.state().getJsonArray(PILE);
    return pile.getString(pile.size() - 1);
  }

  @Override
  public LinkedHashMap<String, @Nullable Object> computed(Context context) {
    var counts = new JsonObject();
    context.players().forEach(player -> counts.put(player, hand(context, player).size()));
    var values = new LinkedHashMap<String, @Nullable Object>();
    values.put("handSizes", counts);
    return values;
  }

  @Override
  public JsonObject publicView(Context context) {
    return new JsonObject()
        .put("top", top(context))
        .put("stockSize", context.state().getJsonArray(STOCK).size())
        .put("currentPlayer", context.currentPlayer());
  }

  @Override
  public JsonObject playerView(Context context, String playerID) {
    return publicView(context).put("hand", hand(context, playerID).copy());
  }

  @Override
  public @Nullable Long deadline(Context context) {
    long seconds = SETTINGS.config().complete(context.config()).getLong(TURN_SECONDS);
    return context.now() + seconds * 1_000;
  }

  @Override
  public @Nullable Result onTimeout(Context context) {
    return draw(context, context.currentPlayer());
  }

  @Override
  public @Nullable BotDecision decide(Context context, String playerID, String botID) {
    String top = top(context);
    List<String> fitting =
        cards(hand(context, playerID)).stream().filter(card -> fits(card, top)).toList();
    if (botID.equals(CAREFUL_BOT)) {
      List<String> tame = fitting.stream().filter(card -> card.charAt(0) != WILD).toList();
      fitting = tame.isEmpty() ? fitting : tame;
    }
    if (fitting.isEmpty()) {
      return new BotDecision(DRAW, "null", 0);
    }
    String card = fitting.get(context.random().nextInt(fitting.size()));
    return new BotDecision(PLAY, Json.encode(JsonObject.of(CARD, card)), 0);
  }

  @Override
  public JsonObject settlement(Context context, JsonObject result) {
    var delta = new JsonObject();
    for (String player : context.players()) {
      JsonArray changes = ProfileChanges.increment("played", 1);
      if (Objects.equals(result.getString(WINNER), player)) {
        changes.addAll(ProfileChanges.increment("wins", 1));
      }
      delta.put(player, changes);
    }
    return delta;
  }
}
