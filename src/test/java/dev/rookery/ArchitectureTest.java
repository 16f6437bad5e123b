package dev.rookery;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Instant;
import java.util.UUID;

/** Who may know whom, and why. A decision about structure is recorded where it is enforced. */
@AnalyzeClasses(packages = "dev.rookery", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  private static final String[] DOMAINS = {
    "dev.rookery.player..",
    "dev.rookery.auth..",
    "dev.rookery.notification..",
    "dev.rookery.presence..",
    "dev.rookery.lobby..",
    "dev.rookery.chat..",
    "dev.rookery.relay..",
    "dev.rookery.matchmaking..",
    "dev.rookery.account.."
  };

  @ArchTest
  static final ArchRule DOMAINS_HAVE_AN_ORDER =
      Architectures.layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("player")
          .definedBy("dev.rookery.player..")
          .layer("auth")
          .definedBy("dev.rookery.auth..")
          .layer("notification")
          .definedBy("dev.rookery.notification..")
          .layer("presence")
          .definedBy("dev.rookery.presence..")
          .layer("lobby")
          .definedBy("dev.rookery.lobby..")
          .layer("chat")
          .definedBy("dev.rookery.chat..")
          .layer("account")
          .definedBy("dev.rookery.account..")
          .layer("relay")
          .definedBy("dev.rookery.relay..")
          .layer("matchmaking")
          .definedBy("dev.rookery.matchmaking..")
          .layer("protocol")
          .definedBy("dev.rookery.protocol..")
          .layer("node")
          .definedBy("dev.rookery.node..")
          .whereLayer("matchmaking")
          .mayOnlyBeAccessedByLayers("account", "protocol", "node")
          .whereLayer("relay")
          .mayOnlyBeAccessedByLayers("protocol", "node")
          .whereLayer("account")
          .mayOnlyBeAccessedByLayers("protocol", "node")
          .whereLayer("chat")
          .mayOnlyBeAccessedByLayers("account", "protocol", "node")
          .whereLayer("lobby")
          .mayOnlyBeAccessedByLayers("chat", "account", "matchmaking", "protocol", "node")
          .whereLayer("presence")
          .mayOnlyBeAccessedByLayers("lobby", "chat", "account", "relay", "protocol", "node")
          .whereLayer("notification")
          .mayOnlyBeAccessedByLayers("presence", "lobby", "chat", "account", "protocol", "node")
          .whereLayer("auth")
          .mayOnlyBeAccessedByLayers(
              "notification", "presence", "lobby", "chat", "account", "protocol", "node")
          .because(
              "a later domain may ask an earlier one and never the other way, so a domain can be"
                  + " understood without those built on it");

  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      SlicesRuleDefinition.slices()
          .matching("dev.rookery.(*)..")
          .should()
          .beFreeOfCycles()
          .because("packages that know each other are one package");

  @ArchTest
  static final ArchRule PROTOCOLS_DO_NOT_READ_THE_STORE =
      noClasses()
          .that()
          .resideInAPackage("dev.rookery.protocol..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.rookery.store..")
          .because("a read per follower turns one event into a thousand queries");

  @ArchTest
  static final ArchRule DOMAINS_KNOW_NO_WIRE =
      noClasses()
          .that()
          .resideInAnyPackage(DOMAINS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.rookery.protocol..",
              "dev.rookery.edge..",
              "dev.rookery.fanout..",
              "dev.rookery.node..",
              "dev.rookery.config..",
              "io.vertx.ext.web..",
              "io.vertx.core.http..")
          .because("the same rule serves five wires; a wire is a contract owned elsewhere");

  @ArchTest
  static final ArchRule THE_EDGE_KNOWS_NEITHER_DOMAIN_NOR_WIRE =
      noClasses()
          .that()
          .resideInAPackage("dev.rookery.edge..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("dev.rookery.protocol..")
                  .or(resideInAPackage("dev.rookery.store.."))
                  .or(
                      com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage(
                          DOMAINS)))
          .because("sockets and requests are the same for every wire");

  @ArchTest
  static final ArchRule BASE_KNOWS_THE_JDK_ALONE =
      noClasses()
          .that()
          .resideInAPackage("dev.rookery.base..")
          .should()
          .dependOnClassesThat(
              not(resideInAPackage("java.."))
                  .and(not(resideInAPackage("dev.rookery.base..")))
                  .and(not(resideInAPackage("org.jspecify.."))))
          .because("everything else builds on it");

  @ArchTest
  static final ArchRule THE_STORE_KNOWS_NO_DOMAIN =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.rookery.store..",
              "dev.rookery.bus..",
              "dev.rookery.allocation..",
              "dev.rookery.provider..",
              "dev.rookery.cluster..",
              "dev.rookery.lease..",
              "dev.rookery.session..",
              "dev.rookery.fanout..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(DOMAINS)
          .because("they serve domains that do not exist yet");

  @ArchTest
  static final ArchRule NOTHING_USES_NODE =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.rookery.node..", "dev.rookery")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.rookery.node..")
          .because("composition is read top to bottom in one place");

  @ArchTest
  static final ArchRule ONLY_STORES_SEE_SQL =
      noClasses()
          .that()
          .resideInAnyPackage(DOMAINS)
          .and(not(simpleNameEndingWith("Store")))
          .and(not(simpleNameEndingWith("Verticle")))
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("dev.rookery.store.Row")
          .because("who wants to know what a table holds reads one file of the domain");

  @ArchTest
  static final ArchRule STORES_ARE_PRIVATE =
      classes()
          .that()
          .resideInAnyPackage(DOMAINS)
          .and()
          .haveSimpleNameEndingWith("Store")
          .should()
          .bePackagePrivate()
          .because("a domain is reached through its messages and its transactional port alone");

  @ArchTest
  static final ArchRule THE_EVENT_BUS_HAS_ONE_DOOR =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.rookery.bus..", "dev.rookery.node..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.vertx.core.eventbus..")
          .because("addresses are few and fixed, and what crosses nodes is known records only");

  @ArchTest
  static final ArchRule WIRES_AND_EDGE_NEVER_AWAIT =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.rookery.edge..",
              "dev.rookery.fanout..",
              "dev.rookery.bus..",
              "dev.rookery.protocol..")
          .should()
          .callMethod(Future.class, "await")
          .because("they run on event loops, which never block");

  @ArchTest
  static final ArchRule TIME_COMES_IN_BY_CONSTRUCTOR =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.rookery.node..", "dev.rookery")
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(UUID.class, "randomUUID")
          .because("a test moves the clock and chooses the ids; nothing waits for luck");

  @ArchTest
  static final ArchRule VERTICLES_ARE_OF_THE_PRESENT =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("io.vertx.core.AbstractVerticle")
          .because(VerticleBase.class.getSimpleName() + " says when it is up");

  @ArchTest
  static final ArchRule NO_EMPTY_NAMES =
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Manager")
          .orShould()
          .haveSimpleNameEndingWith("Helper")
          .orShould()
          .haveSimpleNameEndingWith("Util")
          .orShould()
          .haveSimpleNameEndingWith("Utils")
          .orShould()
          .haveSimpleNameEndingWith("Impl")
          .orShould()
          .haveSimpleNameStartingWith("Abstract")
          .because("a name says what a thing is in the field's own words");

  @ArchTest
  static final ArchRule NOBODY_SLEEPS =
      noClasses()
          .should()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .callMethod(Thread.class, "sleep", java.time.Duration.class)
          .because("one waits for an event or a deadline");

  @ArchTest
  static final ArchRule NOBODY_PRINTS =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.rookery.node..", "dev.rookery.loadtest..", "dev.rookery")
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err")
          .because("logs have a request id and a level");

  private ArchitectureTest() {}
}
