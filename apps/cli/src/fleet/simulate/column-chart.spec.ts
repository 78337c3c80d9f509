import { columnChart } from './column-chart.js';

const options = { title: 'requests', widthMax: 8, height: 2, from: '0', to: '8 h' };

describe('a chart of columns', () => {
  it('is as high as its highest value, and shows whatever is not nothing', () => {
    expect(columnChart([0, 1, 4, 8, 12, 16, 1600, 0], options)).toEqual(['requests', '1,600 │      █', '    0 │ ▁▁▁▁▁█', '       0    8 h']);
    expect(columnChart([0, 4, 8, 12, 16], options)).toEqual(['requests', '16 │   ▄█', ' 0 │ ▄███', '    0 8 h']);
  });

  it('keeps a peak of one hour, however many hours a column stands for', () => {
    const values = Array.from({ length: 800 }, (_, hour) => (hour === 456 ? 9 : 0));
    expect(columnChart(values, options)).toEqual(['requests', '9 │    █', '0 │    █', '   0    8 h']);
  });

  it('is empty where nothing happened', () => {
    expect(columnChart([0, 0], options)).toEqual(['requests', '1 │', '0 │', '   0 8 h']);
    expect(columnChart([], options)).toHaveLength(4);
  });
});
