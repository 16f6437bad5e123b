package dev.rookery.protocol.openturn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.openturn.RoomClaims.Scope;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vectors of the contract. */
final class RoomTokensTest {
  private static final String SECRET = "openturn-test-secret-0123456789";
  private static final long EXP = 4_102_444_800L;
  private static final long IAT = 1_700_000_000L;
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_600L);

  private static final RoomClaims LOBBY =
      new RoomClaims("dev", EXP, IAT, null, "room_123", Scope.LOBBY, "user_1", null);
  private static final RoomClaims GAME =
      new RoomClaims("dev", EXP, IAT, "0", "room_123", Scope.GAME, "user_1", null);
  private static final RoomClaims FOREIGN =
      new RoomClaims("v1.2.3", EXP, IAT, "white", "room_zażółć", Scope.GAME, "użytkownik-♜", null);

  private static final String LOBBY_TOKEN =
      "eyJkZXBsb3ltZW50VmVyc2lvbiI6ImRldiIsImV4cCI6NDEwMjQ0NDgwMCwiaWF0IjoxNzAwMDAwMDAwLCJwbGF5ZXJJ"
          + "RCI6bnVsbCwicm9vbUlEIjoicm9vbV8xMjMiLCJzY29wZSI6ImxvYmJ5IiwidXNlcklEIjoidXNlcl8xIn0."
          + "zxi2zFzZ3fS3zDtjGS2UKdI8ncJ44lPpiAoqNrYVvo0";
  private static final String GAME_TOKEN =
      "eyJkZXBsb3ltZW50VmVyc2lvbiI6ImRldiIsImV4cCI6NDEwMjQ0NDgwMCwiaWF0IjoxNzAwMDAwMDAwLCJwbGF5ZXJJ"
          + "RCI6IjAiLCJyb29tSUQiOiJyb29tXzEyMyIsInNjb3BlIjoiZ2FtZSIsInVzZXJJRCI6InVzZXJfMSJ9."
          + "D9RdALpDTrC4IUeZF7EkmZpMsOjZYwRg3lIz4l5mVvg";
  private static final String FOREIGN_TOKEN =
      "eyJkZXBsb3ltZW50VmVyc2lvbiI6InYxLjIuMyIsImV4cCI6NDEwMjQ0NDgwMCwiaWF0IjoxNzAwMDAwMDAwLCJwbGF5"
          + "ZXJJRCI6IndoaXRlIiwicm9vbUlEIjoicm9vbV96YcW8w7PFgsSHIiwic2NvcGUiOiJnYW1lIiwidXNlcklEIjoi"
          + "dcW8eXRrb3duaWst4pmcIn0.WukP9KguJBMz4wIgJz97D7Kl77h5-FA6BR8Us2n9z9I";
  private static final String OTHER_ORDER =
      "eyJ1c2VySUQiOiJ1c2VyXzEiLCJzY29wZSI6ImdhbWUiLCJyb29tSUQiOiJyb29tXzEyMyIsInBsYXllcklEIjoiMCIs"
          + "ImlhdCI6MTcwMDAwMDAwMCwiZXhwIjo0MTAyNDQ0ODAwLCJkZXBsb3ltZW50VmVyc2lvbiI6ImRldiIsImV4dHJh"
          + "IjoxfQ.Zdp8rI9DqBr8xk7pUodTtunvHWNjUzDCAv1bDDw-J-c";

  private final RoomTokens tokens = new RoomTokens(SECRET);

  @Test
  void signsTheBytesOfTheContract() {
    assertThat(tokens.sign(LOBBY)).isEqualTo(LOBBY_TOKEN);
    assertThat(tokens.sign(GAME)).isEqualTo(GAME_TOKEN);
    assertThat(tokens.sign(FOREIGN)).isEqualTo(FOREIGN_TOKEN);
    assertThat(RoomTokens.signValue("hello", "secret"))
        .isEqualTo("iKqz7ejTrflNJquQ07r9SiCDBww7zOnAFO4EpEOEfAs");
    assertThat(RoomTokens.signValue("", "secret"))
        .isEqualTo("-eZuF5tnR65UEI-C-K3os8Jddv0wr95sOVgixTAZYWk");
    assertThat(RoomTokens.signValue("{\"gameKey\":\"g\",\"userIDs\":[\"u1\"]}", SECRET))
        .isEqualTo("bQJ8U2v57RGsXhWDhDAjGBxrVpsK11BmBWSAa1nko3o");
  }

  @Test
  void verifiesTokensOfTheContract() {
    assertThat(tokens.verify(LOBBY_TOKEN, NOW)).isEqualTo(LOBBY);
    assertThat(tokens.verify(FOREIGN_TOKEN, NOW)).isEqualTo(FOREIGN);
    assertThat(tokens.verify(OTHER_ORDER, NOW)).isEqualTo(GAME);
    assertThat(tokens.verify(GAME_TOKEN + ".junk", NOW)).isEqualTo(GAME);
  }

  @Test
  void refusesWhatIsNotSignedOrHasEnded() {
    assertThat(tokens.verify(GAME_TOKEN + "=", NOW)).isNull();
    assertThat(new RoomTokens("another").verify(GAME_TOKEN, NOW)).isNull();
    assertThat(tokens.verify("a", NOW)).isNull();
    assertThat(tokens.verify(GAME_TOKEN, Instant.ofEpochSecond(EXP))).isNull();
    assertThat(tokens.verify(GAME_TOKEN, Instant.ofEpochSecond(EXP - 1))).isEqualTo(GAME);
  }

  @Test
  void onlyATokenOfAGameNeedsAPlayer() {
    var seated = new RoomClaims("dev", EXP, IAT, "0", "room_123", Scope.LOBBY, "user_1", null);
    var nobody = new RoomClaims("dev", EXP, IAT, null, "room_123", Scope.GAME, "user_1", null);

    assertThat(tokens.verify(tokens.sign(seated), NOW)).isEqualTo(seated);
    assertThat(tokens.verify(tokens.sign(nobody), NOW)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "1, true",
    "999999999999999999, true",
    "'', false",
    "-1, false",
    "1000000000000000000, false",
    "user_1, false",
    "\u0663, false"
  })
  void takesNoUserOfAServiceForAPlayer(String user, boolean player) {
    assertThat(RequestTokens.isPlayer(user)).isEqualTo(player);
  }
}
