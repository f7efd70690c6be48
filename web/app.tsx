import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { nameOf } from "./object-path";
import { ObjectView } from "./object/object-view";
import { Overview } from "./overview/overview";
import { Link } from "./parts/link";
import { Answered, Empty } from "./parts/notice";
import { useSession } from "./queries";
import { ReachableBanner } from "./reachable";
import { useAddress, type Address } from "./routing";
import { SearchBox } from "./search/search-box";
import { Search } from "./search/search";
import { SignIn, SignOut } from "./sign-in";
import { Syncs } from "./syncs/syncs";
import { Tree } from "./tree/tree";
import { Upgrades } from "./upgrades/upgrades";

const LINKS: readonly (readonly [Address["view"], string, string])[] = [
  ["overview", "/", "Overview"],
  ["browse", "/browse", "Browse"],
  ["syncs", "/syncs", "Syncs"],
  ["upgrades", "/upgrades", "Upgrades"],
];

export function App() {
  const session = useSession();
  const address = useAddress();
  useEffect(() => {
    document.title = [titleOf(address), "Connections"].filter((part) => part !== "").join(" · ");
  }, [address]);
  return (
    <>
      <ReachableBanner />
      <Answered of={session} what="your session">
        {(data) =>
          data === null ? (
            <SignIn />
          ) : (
            <>
              <a class="skip" href="#main">
                Skip to the content
              </a>
              <header class="bar">
                <Link to="/" class="brand">
                  Connections
                </Link>
                <nav aria-label="Views">
                  {LINKS.map(([view, to, title]) => (
                    <Link key={view} to={to} aria-current={address.view === view ? "page" : undefined}>
                      {title}
                    </Link>
                  ))}
                </nav>
                <SearchBox address={address} />
                <span class="who" title={data.permissions.join(", ") || "No permissions beside roles on objects"}>
                  {data.name}
                </span>
                <SignOut />
              </header>
              <Main address={address} />
            </>
          )
        }
      </Answered>
    </>
  );
}

function Main({ address }: { readonly address: Address }) {
  const { view, path, parameters } = address;
  switch (view) {
    case "overview":
      return (
        <Content>
          <Overview parameters={parameters} />
        </Content>
      );
    case "search":
      return (
        <Content>
          <Search parameters={parameters} />
        </Content>
      );
    case "syncs":
      return (
        <Content>
          <Syncs />
        </Content>
      );
    case "upgrades":
      return (
        <Content>
          <Upgrades parameters={parameters} />
        </Content>
      );
    case "browse":
      return (
        <main id="main" class={`browse${path.length > 0 ? " with-object" : ""}`} tabIndex={-1}>
          <aside aria-label="Hierarchy">
            {path.length === 0 && <h1 class="visually-hidden">Browse</h1>}
            <Tree selected={path} />
          </aside>
          <div class="pane">
            {path.length === 0 ? (
              <Empty>Choose an object to see and steer it.</Empty>
            ) : (
              <ObjectView key={path.join("\u0000")} path={path} parameters={parameters} />
            )}
          </div>
        </main>
      );
    case "unknown":
      return (
        <Content>
          <h1>No such view</h1>
          <Empty>
            This address leads nowhere. Go to the <Link to="/">overview</Link>.
          </Empty>
        </Content>
      );
  }
}

function Content({ children }: { readonly children: ComponentChildren }) {
  return (
    <main id="main" class="content" tabIndex={-1}>
      {children}
    </main>
  );
}

function titleOf({ view, path, parameters }: Address): string {
  if (view === "browse") return nameOf(path);
  if (view === "search") return parameters.get("text") ?? "Search";
  return LINKS.find(([name]) => name === view && name !== "overview")?.[2] ?? "";
}
