import { useInfiniteQuery } from "@tanstack/preact-query";
import { nameOf, type ObjectPath } from "../object-path";
import { Answered, Empty } from "../parts/notice";
import { Table } from "../parts/table";
import { auditQuery } from "../queries";
import { time } from "../words";

/** Who ran which statements on an object, newest first. */
export function Audit({ path }: { readonly path: ObjectPath }) {
  const audit = useInfiniteQuery(auditQuery(path));
  return (
    <Answered of={audit} what="the query audit">
      {({ pages }) => {
        const records = pages.flatMap(({ hits }) => hits);
        if (records.length === 0) {
          return <Empty>No statements are known. They are read where the connection's integration switches audit on.</Empty>;
        }
        return (
          <>
            <Table label="Query audit" titles={["When", "Who", "Statement", "Objects", "Outcome"]}>
              {records.map(({ id, at, user, role, statementType, succeeded, objects }) => (
                <tr key={id}>
                  <td>{time(at)}</td>
                  <td>
                    {user}
                    {role !== null && <span class="quiet"> as {role}</span>}
                  </td>
                  <td>
                    <code title={`Statement ${id}`}>{statementType}</code>
                  </td>
                  <td>{objects.map(({ objectPath, access }) => `${access} ${nameOf(objectPath)}`).join(", ")}</td>
                  <td>{succeeded ? "succeeded" : <span class="chip missing">failed</span>}</td>
                </tr>
              ))}
            </Table>
            {audit.hasNextPage && (
              <button type="button" disabled={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
                Older statements
              </button>
            )}
          </>
        );
      }}
    </Answered>
  );
}
