import { isSame, nameOf, type ObjectPath } from "../object-path";
import { Link } from "../parts/link";
import { Answered, Empty } from "../parts/notice";
import { Table } from "../parts/table";
import { useTags } from "../queries";
import { browseAddress, queryText } from "../routing";

/** The platform's tags of an object, its columns and what is beneath it. */
export function Tags({ path }: { readonly path: ObjectPath }) {
  const tags = useTags(path);
  return (
    <Answered of={tags} what="tags">
      {({ hits, next }) =>
        hits.length === 0 ? (
          <Empty>No tags. They are read where the connection's integration switches tags on.</Empty>
        ) : (
          <>
            <Table label="Tags" titles={["Tag", "Value", "On", "Source"]}>
              {hits.map(({ objectPath, column, name, value, source }) => (
                <tr key={`${objectPath.join("/")} ${column} ${name} ${source}`}>
                  <th scope="row">
                    <Link to={`/search${queryText({ tag: name })}`}>{name}</Link>
                  </th>
                  <td>{value}</td>
                  <td>
                    {isSame(objectPath, path) ? "this object" : <Link to={browseAddress(objectPath)}>{nameOf(objectPath)}</Link>}
                    {column !== null && `, column ${column}`}
                  </td>
                  <td>{source}</td>
                </tr>
              ))}
            </Table>
            {next !== null && <Empty>The first 1,000 are shown. Choose an object beneath to see the rest.</Empty>}
          </>
        )
      }
    </Answered>
  );
}
