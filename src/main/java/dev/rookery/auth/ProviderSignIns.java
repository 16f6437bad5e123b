package dev.rookery.auth;

import dev.rookery.auth.SessionStore.NewSession;
import dev.rookery.base.Limits;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.SessionId;
import dev.rookery.email.EmailQueue;
import dev.rookery.player.Credentials;
import dev.rookery.player.Identity;
import dev.rookery.player.Provider;
import dev.rookery.player.ProviderLinks;
import dev.rookery.player.VerifiedProfile;
import dev.rookery.provider.Profile;
import dev.rookery.store.Database;
import dev.rookery.store.StatementException;
import dev.rookery.store.Transaction;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Lets those in, and links those, for whom a provider vouches. */
final class ProviderSignIns {
  // Somebody else is the same person, at the same moment, on another node: the next try finds him.
  private static final int TRIES_MAX = 4;
  private static final int PICTURE_MAX = 512;

  private final Database database;
  private final AuthSettings settings;
  private final Credentials identities;
  private final ProviderLinks links;
  private final Entrance entrance;
  private final TokenIssuer pairs;
  private final EmailQueue outgoing;
  private final EmailTemplates letters;

  ProviderSignIns(
      Database database,
      AuthDependencies parts,
      Credentials identities,
      ProviderLinks links,
      Entrance entrance) {
    this.database = database;
    this.settings = parts.settings();
    this.identities = identities;
    this.links = links;
    this.entrance = entrance;
    this.pairs = new TokenIssuer(parts);
    this.outgoing = parts.outgoing();
    this.letters = new EmailTemplates(settings.productName(), settings.pagesUrl());
  }

  /**
   * Somebody who is in.
   *
   * @param created whether he is new
   * @param linkedByEmail whether he was known by his address alone
   */
  record SignInResult(
      Identity player,
      SessionId session,
      List<SessionId> ended,
      boolean created,
      boolean linkedByEmail) {}

  /**
   * The player that the provider's account opens; else the one who has its address, where both
   * sides know that it is his; else a new one.
   *
   * @param also done in the same transaction
   */
  SignInResult signIn(
      VerifiedProfile profile, Client client, BiConsumer<Transaction, SignInResult> also) {
    identities.prepareToCreate(database);
    SessionId session = pairs.newSessionId();
    String kind = profile.provider().name().toLowerCase(Locale.ROOT);
    SignInResult entered =
        retryOnDuplicate(
            () ->
                database.write(
                    tx -> {
                      Optional<Identity> linked = links.findLinked(tx, profile);
                      Optional<Identity> known = linked.or(() -> links.linkByEmail(tx, profile));
                      Identity player =
                          entrance.check(known.orElseGet(() -> links.create(tx, profile)));
                      var opened = List.of(new NewSession(session, player.player(), client));
                      var ended = entrance.enter(tx, kind, opened);
                      boolean attached = linked.isEmpty() && known.isPresent();
                      var in = new SignInResult(player, session, ended, known.isEmpty(), attached);
                      also.accept(tx, in);
                      return in;
                    }));
    entrance.tell(entered.ended);
    if (entered.linkedByEmail && profile.email() != null) {
      notifyByEmail(profile.email(), profile.provider());
    }
    return entered;
  }

  /**
   * @param also done in the same transaction
   */
  void link(PlayerId player, VerifiedProfile profile, Consumer<Transaction> also) {
    String address =
        retryOnDuplicate(
            () ->
                database.write(
                    tx -> {
                      String before = links.link(tx, player, profile);
                      also.accept(tx);
                      return before;
                    }));
    if (!address.isEmpty()) {
      notifyByEmail(address, profile.provider());
    }
  }

  /** There is one more way in, and perhaps it was not the player who opened it. */
  private void notifyByEmail(String address, Provider provider) {
    outgoing.send(letters.providerLinked(address, provider));
  }

  private static <T> T retryOnDuplicate(Supplier<T> work) {
    for (int tries = 1; ; tries++) {
      try {
        return work.get();
      } catch (StatementException failed) {
        if (!failed.isDuplicate()) {
          throw failed;
        }
        if (tries == TRIES_MAX) {
          throw new Refused(new Refusal.Unavailable("try_again"));
        }
      }
    }
  }

  /** What a provider says, as far as it fits. */
  VerifiedProfile verified(Provider provider, Profile said) {
    Limits limits = settings.limits();
    String email = CredentialRules.normalizeEmail(said.email());
    String name = said.name().replaceAll("\\p{Cntrl}", " ").strip();
    int length = name.codePointCount(0, name.length());
    return new VerifiedProfile(
        provider,
        said.id(),
        CredentialRules.isEmail(email, limits) ? email : null,
        length <= limits.displayNameMax()
            ? name
            : name.substring(0, name.offsetByCodePoints(0, limits.displayNameMax())).strip(),
        isPicture(said.picture()) ? said.picture() : "");
  }

  private static boolean isPicture(String address) {
    return address.startsWith("https://")
        && address.length() <= PICTURE_MAX
        && address.chars().noneMatch(c -> c <= ' ' || c == '"' || c == '<' || c == '>');
  }
}
