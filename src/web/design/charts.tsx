import { Bars } from '../components/bars.tsx';
import { Columns } from '../components/columns.tsx';

const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const counts = [
  [2, 1],
  [0, 3],
  [0, 0],
  [4, 0],
  [1, 1],
  [0, 0],
  [0, 1],
];

/** Numbers as drawings, each with the same numbers to read. */
export const Charts = () => (
  <section>
    <h2>Charts</h2>
    <div class="card">
      <Columns
        id="example"
        title="Expected discharges of a week"
        heading="Day"
        series={[
          { name: 'First visit booked', tone: 'good' },
          { name: 'No visit yet', tone: 'attention' },
        ]}
        rows={days.map((day, at) => ({
          label: day,
          lines: [day.slice(0, 3), `Mar ${at + 2}`],
          values: counts[at] ?? [],
        }))}
      />
    </div>
    <Bars
      of="Organization"
      label="Referrals that wait for each organization"
      series={[
        { name: 'Past due', tone: 'late' },
        { name: 'In time', tone: 'good' },
      ]}
      rows={[
        { label: 'Northside CMHC', values: [1, 6] },
        { label: 'Southside CMHC', values: [0, 3] },
      ]}
    />
  </section>
);
